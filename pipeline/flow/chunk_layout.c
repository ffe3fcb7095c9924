/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which of a stream's facts a chunk file keeps, and in what order. Does
 * no reading or writing. */
#include "flow/chunk_layout.h"

#include <stdbool.h>
#include <string.h>

void chunk_values_get(const AVCodecParameters *parameters, AVRational time_base,
                      int64_t values[CHUNK_VALUES])
{
    const AVChannelLayout *layout = &parameters->ch_layout;
    bool native = layout->order == AV_CHANNEL_ORDER_NATIVE;
    const int64_t row[CHUNK_VALUES] = {
        time_base.num,
        time_base.den,
        parameters->codec_type,
        parameters->codec_id,
        parameters->format,
        parameters->bit_rate,
        parameters->profile,
        parameters->level,
        parameters->width,
        parameters->height,
        parameters->sample_aspect_ratio.num,
        parameters->sample_aspect_ratio.den,
        parameters->color_range,
        parameters->color_primaries,
        parameters->color_trc,
        parameters->color_space,
        parameters->chroma_location,
        parameters->video_delay,
        parameters->sample_rate,
        native ? (int64_t)layout->u.mask : -layout->nb_channels,
        parameters->frame_size,
        parameters->initial_padding,
    };
    memcpy(values, row, sizeof(row));
}

void chunk_values_set(const int64_t values[CHUNK_VALUES],
                      AVCodecParameters *parameters, AVRational *time_base)
{
    *time_base = (AVRational){(int)values[0], (int)values[1]};
    parameters->codec_type = (enum AVMediaType)values[2];
    parameters->codec_id = (enum AVCodecID)values[3];
    parameters->format = (int)values[4];
    parameters->bit_rate = values[5];
    parameters->profile = (int)values[6];
    parameters->level = (int)values[7];
    parameters->width = (int)values[8];
    parameters->height = (int)values[9];
    parameters->sample_aspect_ratio =
        (AVRational){(int)values[10], (int)values[11]};
    parameters->color_range = (enum AVColorRange)values[12];
    parameters->color_primaries = (enum AVColorPrimaries)values[13];
    parameters->color_trc = (enum AVColorTransferCharacteristic)values[14];
    parameters->color_space = (enum AVColorSpace)values[15];
    parameters->chroma_location = (enum AVChromaLocation)values[16];
    parameters->video_delay = (int)values[17];
    parameters->sample_rate = (int)values[18];
    if (values[19] > 0)
        av_channel_layout_from_mask(&parameters->ch_layout,
                                    (uint64_t)values[19]);
    else if (values[19] < 0)
        parameters->ch_layout = (AVChannelLayout){
            .order = AV_CHANNEL_ORDER_UNSPEC, .nb_channels = (int)-values[19]};
    parameters->frame_size = (int)values[20];
    parameters->initial_padding = (int)values[21];
}
