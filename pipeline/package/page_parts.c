/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the page's look and its escapes. */
#include "package/page_parts.h"

#include <ctype.h>
#include <string.h>

const char *const page_style =
    ":root{--paper:#f7f4ee;--card:#fff;--ink:#1f1d1a;--soft:#6f6a62;"
    "--line:#e4ded3;--accent:#a2211c;--gold:#b58a36;--good:#2c7a4b;"
    "--bad:#b3261e;color-scheme:light dark}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#171614;--card:#211f1c;"
    "--ink:#ece7df;--soft:#a39c91;--line:#38342f;--accent:#e0645c;"
    "--gold:#d9b25f;--good:#6cc08b;--bad:#f2857d}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:16px/1.65 system-ui,sans-serif;overflow-wrap:anywhere}\n"
    ":lang(zh) body{font-family:\"PingFang SC\",\"Microsoft YaHei\","
    "\"Noto Sans CJK SC\",system-ui,sans-serif}\n"
    "main,header,footer{max-width:1180px;margin:0 auto;padding:0 24px}\n"
    "header{padding-top:48px;padding-bottom:20px}\n"
    ".kicker{color:var(--accent);font-weight:600;letter-spacing:.06em;"
    "margin:0}\n"
    "h1{font-size:clamp(28px,5vw,44px);line-height:1.2;margin:.15em 0 .3em;"
    "font-weight:700}\n"
    ".facts{color:var(--soft);margin:0}\n"
    ".verdict{margin:14px 0 0;font-weight:600}\n"
    "h2{font-size:15px;letter-spacing:.08em;color:var(--soft);"
    "margin:40px 0 12px;font-weight:600}\n"
    "h3{font-size:24px;line-height:1.3;margin:0}\n"
    ".packages{display:grid;gap:12px;"
    "grid-template-columns:repeat(auto-fill,minmax(min(310px,100%),1fr))}\n"
    ".package,.clip{background:var(--card);border:1px solid var(--line);"
    "border-radius:14px}\n"
    ".package{padding:16px 18px;display:flex;flex-direction:column;gap:2px}\n"
    ".package b{font-size:18px}\n"
    ".package small,.soft{color:var(--soft)}\n"
    ".package small a{color:inherit}\n"
    ".zip{display:flex;gap:8px;align-items:baseline;margin-top:10px;"
    "padding:8px 12px;border:1px solid var(--line);border-radius:8px;"
    "font-size:14px;line-height:1.45;text-decoration:none}\n"
    ".zip:hover{border-color:var(--accent)}\n"
    ".zip i{margin-left:auto;color:var(--soft);font-style:normal;"
    "white-space:nowrap}\n"
    ".contents{list-style:none;margin:0 0 20px;padding:0;columns:2 340px;"
    "column-gap:32px}\n"
    ".contents a{display:flex;gap:10px;padding:3px 0;color:inherit;"
    "text-decoration:none}\n"
    ".contents a:hover{color:var(--accent)}\n"
    ".contents .number{font-size:inherit}\n"
    "a{color:var(--accent);text-decoration-thickness:1px;"
    "text-underline-offset:3px}\n"
    "a:focus-visible,video:focus-visible,.play:focus-visible{outline:3px solid "
    "var(--gold);"
    "outline-offset:2px}\n"
    ".clip{margin:0 0 28px;overflow:hidden}\n"
    ".clip>div{padding:22px 24px}\n"
    ".head{display:flex;gap:16px;align-items:baseline;"
    "border-bottom:1px solid var(--line)}\n"
    ".number{flex:none;font-size:24px;font-weight:700;color:var(--gold);"
    "font-variant-numeric:tabular-nums}\n"
    ".head p{margin:2px 0 0;color:var(--soft)}\n"
    ".players{display:flex;flex-wrap:wrap;gap:22px;align-items:flex-start}\n"
    "figure{margin:0}\n"
    ".players figure{width:var(--w);max-width:100%}\n"
    ".players figcaption a{white-space:nowrap}\n"
    ".players p{flex-basis:100%;margin:0;font-size:14px}\n"
    ".screen{position:relative}\n"
    ".play{position:absolute;inset:0;margin:auto;width:60px;height:60px;"
    "border:0;border-radius:50%;background:rgba(20,18,16,.62);cursor:pointer;"
    "transition:background .15s}\n"
    ".play:hover{background:var(--accent)}\n"
    ".play::before{content:\"\";position:absolute;left:24px;top:18px;"
    "border:12px solid transparent;border-left:19px solid #fff;"
    "border-right:0}\n"
    "video{display:block;width:100%;height:auto;background:#000;"
    "border-radius:8px;object-fit:contain}\n"
    "video::cue{font-size:80%}\n"
    "figcaption{font-size:14px;margin-top:6px;color:var(--soft)}\n"
    "figcaption b{color:var(--ink);font-weight:600}\n"
    ".covers{display:flex;gap:14px;flex-wrap:wrap;align-items:flex-end;"
    "border-top:1px solid var(--line)}\n"
    ".covers img{display:block;height:170px;width:auto;max-width:100%;"
    "border-radius:6px;object-fit:contain}\n"
    ".covers p{flex-basis:100%;margin:0;font-size:14px}\n"
    ".scroll{overflow-x:auto;border-top:1px solid var(--line)}\n"
    "table{border-collapse:collapse;width:100%;font-size:14px;"
    "font-variant-numeric:tabular-nums;overflow-wrap:normal}\n"
    "th,td{text-align:left;padding:7px 18px 7px 0;white-space:nowrap;"
    "border-bottom:1px solid var(--line)}\n"
    "tr:last-child td{border-bottom:0}\n"
    "th{color:var(--soft);font-weight:500}\n"
    ".good{color:var(--good)}.bad{color:var(--bad);white-space:normal}\n"
    ".missing{border:1px dashed var(--bad);border-radius:8px;padding:16px;"
    "aspect-ratio:var(--r);overflow:auto;font-size:14px;color:var(--bad)}\n"
    "footer{color:var(--soft);font-size:14px;padding-top:12px;"
    "padding-bottom:60px}\n"
    "@media(max-width:640px){main,header,footer{padding-left:14px;"
    "padding-right:14px}.clip>div{padding:16px}header{padding-top:26px}"
    ".covers img{height:120px}"
    ".players figure{width:min(100%,calc(62vh*var(--r)))}}\n"
    "@media(prefers-reduced-motion:reduce){.play{transition:none}}\n"
    "@media print{body{background:#fff}.clip{break-inside:avoid}"
    ".play{display:none}video{max-height:60mm}}\n";

const char *const page_script =
    "document.querySelectorAll('video[data-cues]').forEach(function(v){\n"
    "  var cues=JSON.parse(document.getElementById(v.dataset.cues)"
    ".textContent);\n"
    "  var track=v.addTextTrack('captions',v.dataset.label,"
    "document.documentElement.lang);\n"
    "  cues.forEach(function(c){track.addCue("
    "new VTTCue(c[0]/1000,c[1]/1000,c[2]))});\n"
    "  track.mode=v.dataset.drawn?'disabled':'showing';\n"
    "});\n"
    "document.querySelectorAll('.screen').forEach(function(s){\n"
    "  var v=s.firstElementChild,b=document.createElement('button');\n"
    "  v.controls=false;b.className='play';"
    "b.setAttribute('aria-label',s.dataset.play);\n"
    "  b.onclick=function(){v.controls=true;b.remove();v.focus();v.play()};\n"
    "  s.appendChild(b)\n"
    "});\n"
    "document.querySelectorAll('video').forEach(function(v){\n"
    "  v.addEventListener('play',function(){"
    "document.querySelectorAll('video').forEach(function(o){"
    "if(o!==v)o.pause()})})\n"
    "});\n";

void page_text(struct buffer *out, const char *text)
{
    for (; text && *text; text++) {
        switch (*text) {
        case '&':
            buffer_puts(out, "&amp;");
            break;
        case '<':
            buffer_puts(out, "&lt;");
            break;
        case '>':
            buffer_puts(out, "&gt;");
            break;
        case '"':
            buffer_puts(out, "&quot;");
            break;
        default:
            buffer_append(out, text, 1);
        }
    }
}

void page_address(struct buffer *out, const char *path)
{
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        if (c < 128 && (isalnum(c) || strchr("-._~/", c)))
            buffer_append(out, path, 1);
        else
            buffer_printf(out, "%%%02X", c);
    }
}

void page_size(struct buffer *out, int64_t bytes)
{
    buffer_printf(out, "%lld.%lld MB", (long long)(bytes / 1000000),
                  (long long)(bytes / 100000 % 10));
}
