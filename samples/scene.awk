# SPDX-License-Identifier: GPL-3.0-or-later
# Draws the sample's scene as an ASS script: a reading room with shelves and a
# window (view=room, a still), a speaker with an audience before it (wide), the
# same speaker near (close), and the office's logo (logo). Nothing here is a
# picture file; libass draws it all from these lines.

function event(layer, from, to, text) {
    printf "Dialogue: %d,%s,%s,Z,,0,0,0,,%s\n", layer, clock(from), clock(to), text
}
function clock(s) {
    return sprintf("%d:%02d:%05.2f", s / 3600, s / 60 % 60, s % 60)
}
# Colours are given as rrggbb and written as libass wants them, bbggrr.
function ink(c) { return substr(c, 5, 2) substr(c, 3, 2) substr(c, 1, 2) }
function shape(x, y, colour, blur, path, more) {
    return sprintf("{\\an7\\pos(%g,%g)\\bord0\\shad0\\blur%g\\1c&H%s&%s\\p1}%s{\\p0}", x, y, blur, ink(colour), more, path)
}
function box(w, h) { return sprintf("m 0 0 l %d 0 %d %d 0 %d", w, w, h, h) }
function ball(r,   k) {
    k = r * 0.5523
    return sprintf("m %g %g b %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g %g", \
        r, 0, r + k, 0, 2 * r, r - k, 2 * r, r, 2 * r, r + k, r + k, 2 * r, r, 2 * r, r - k, 2 * r, 0, r + k, 0, r, 0, r - k, r - k, 0, r, 0)
}
function words(x, y, size, colour, font, text, more) {
    return sprintf("{\\an5\\pos(%g,%g)\\fn%s\\fs%g\\bord0\\shad0\\1c&H%s&%s}%s", x, y, font, size, ink(colour), more, text)
}

function room(   i, j, x, w, h, n) {
    # Shelves left and right, each book its own width, height and colour.
    n = split("8c2f2b b5523b d9a441 3f6b5c 2f4b66 6b4c6e a3876a c97b4a 4e6e3a 7a2e3a", hue, " ")
    for (j = 0; j < 5; j++) {
        event(0, 0, 9, shape(0, 250 + j * 150, "6e4a2c", 0, box(470, 14)))
        event(0, 0, 9, shape(1450, 250 + j * 150, "6e4a2c", 0, box(470, 14)))
        for (x = 12; x < 430; x += w + 3) {
            w = 18 + int(rand() * 20); h = 84 + int(rand() * 46)
            event(1, 0, 9, shape(x, 250 + j * 150 - h, hue[1 + int(rand() * n)], 0.6, box(w, h)))
            event(1, 0, 9, shape(1462 + x, 250 + j * 150 - h, hue[1 + int(rand() * n)], 0.6, box(w, h)))
        }
    }
    # The stage's board, its banner, the floor.
    event(1, 0, 9, shape(500, 120, "5b1f1a", 8, box(920, 540), "\\1a&H60&"))
    event(2, 0, 9, shape(490, 105, "a2211c", 0, box(940, 540)))
    event(2, 0, 9, shape(506, 121, "b92a22", 0, box(908, 508)))
    event(3, 0, 9, words(960, 190, 70, "f7d98b", "Noto Serif CJK SC", "读书会 · 第六十七期", "\\b1"))
    event(3, 0, 9, shape(660, 246, "f7d98b", 0, box(600, 3)))
    event(0, 0, 9, shape(0, 880, "7b5636", 0, box(1920, 200)))
    event(0, 0, 9, shape(0, 866, "9a7049", 0, box(1920, 16)))
}

# The speaker stands at (x, y) = feet of the desk, drawn at `s` times the size.
function speaker(x, y, s,   t, d, k) {
    k = sprintf("\\fscx%g\\fscy%g", s * 100, s * 100)
    event(5, 0, seconds, shape(x - 150 * s, y - 430 * s, "26324a", 1, "m 60 150 b 90 90 210 90 240 150 l 275 430 25 430", k))
    event(6, 0, seconds, shape(x - 28 * s, y - 345 * s, "f4f1ea", 0, "m 0 0 l 28 46 56 0 40 90 28 120 16 90", k))
    event(6, 0, seconds, shape(x - 10 * s, y - 318 * s, "a2211c", 0, "m 4 0 l 16 0 20 60 10 78 0 60", k))
    # Head and hair nod a little, never in step with the arms.
    for (t = 0; t < seconds; t += 3) {
        d = (t / 3 % 2) ? 10 : -6
        event(7, t, t + 3, sprintf("{\\an7\\move(%g,%g,%g,%g)\\bord0\\1c&H%s&%s\\p1}%s", x - 62 * s, y - 478 * s, x - 62 * s + d * s, y - 474 * s, ink("e9bd95"), k, ball(62)))
        event(8, t, t + 3, sprintf("{\\an7\\move(%g,%g,%g,%g)\\bord0\\1c&H%s&%s\\p1}%s", x - 66 * s, y - 492 * s, x - 66 * s + d * s, y - 488 * s, ink("2a2220"), k, "m 0 66 b -4 -16 136 -16 132 66 b 118 34 90 30 66 34 b 40 30 14 36 0 66"))
        event(8, t, t + 3, sprintf("{\\an7\\move(%g,%g,%g,%g)\\bord0\\1c&H%s&%s\\p1}m 0 0 l 10 0 10 10 0 10 m 46 0 l 56 0 56 10 46 10", x - 28 * s, y - 424 * s, x - 28 * s + d * s, y - 420 * s, ink("2a2220"), k))
        event(8, t, t + 3, sprintf("{\\an7\\move(%g,%g,%g,%g)\\bord0\\1c&H%s&%s\\t(0,200,\\fscy%g)\\t(200,420,\\fscy%g)\\t(700,900,\\fscy%g)\\t(900,1200,\\fscy%g)\\t(1700,1900,\\fscy%g)\\t(1900,2300,\\fscy%g)\\p1}m 0 0 b 8 12 26 12 34 0", x - 17 * s, y - 392 * s, x - 17 * s + d * s, y - 388 * s, ink("a4483c"), k, 200 * s, 60 * s, 210 * s, 50 * s, 190 * s, 100 * s))
        # The right arm lifts a book, the left one answers.
        event(9, t, t + 3, sprintf("{\\an7\\pos(%g,%g)\\org(%g,%g)\\bord0\\1c&H%s&%s\\frz0\\t(0,1400,\\frz%d)\\t(1500,2900,\\frz0)\\p1}m 0 0 b 40 -10 60 20 66 60 l 80 200 40 210 10 70", x + 66 * s, y - 320 * s, x + 96 * s, y - 300 * s, ink("1f2a40"), k, 18 + (t % 2) * 26))
        event(9, t, t + 3, sprintf("{\\an7\\pos(%g,%g)\\org(%g,%g)\\bord0\\1c&H%s&%s\\t(0,1400,\\frz%d)\\t(1500,2900,\\frz0)\\p1}%s", x + 92 * s, y - 130 * s, x + 96 * s, y - 300 * s, ink("f2ead8"), k, 18 + (t % 2) * 26, "m 0 0 l 70 -14 76 26 6 40"))
    }
    # The desk with its sign and microphone.
    event(10, 0, seconds, shape(x - 230 * s, y - 170 * s, "8a5a33", 0, box(460, 170), k))
    event(11, 0, seconds, shape(x - 246 * s, y - 190 * s, "a86f42", 0, box(492, 26), k))
    event(12, 0, seconds, shape(x - 110 * s, y - 130 * s, "a2211c", 0, box(220, 74), k))
    event(13, 0, seconds, words(x, y - 94 * s, 46 * s, "f7d98b", "Noto Sans CJK SC", "主讲席", "\\b1"))
    event(12, 0, seconds, shape(x + 130 * s, y - 262 * s, "2b2b2b", 0, "m 0 0 l 16 -6 20 22 4 26 m 9 24 l 13 24 24 76 18 76", k))
}

function slides(x, y, size,   t, i, n) {
    n = split("半条被子 温暖中国|沙洲村 1934.11|读人 读事 读时代|沙洲村的今天|一本好书 照亮一方|下期再见", line, "|")
    for (i = 1; i <= n; i++) {
        t = (i - 1) * seconds / n
        event(4, t, t + seconds / n, words(x, y, size, "fff6e0", "Noto Serif CJK SC", line[i], "\\fad(600,400)\\b1"))
    }
}

function audience(   i, t, x, d) {
    for (i = 0; i < 9; i++) {
        x = 70 + i * 225 + (i % 2) * 30
        for (t = 0; t < seconds; t += 7) {
            d = 6 + (i * 7 + t) % 11
            event(20, t, t + 7, sprintf("{\\an7\\move(%d,%d,%d,%d)\\bord0\\blur2\\1c&H%s&\\p1}m 60 0 b 120 0 120 110 60 110 b 0 110 0 0 60 0 m -50 260 b -40 90 160 90 170 260", x, 880 + (i * 37) % 30, x + (t / 7 % 2 ? d : -d), 884 + (i * 37) % 30, ink(i % 3 ? "3a2b22" : "2d2a33")))
        }
    }
}

function light(   t, i) {
    # A patch of sun that comes and goes, and dust in it.
    for (t = 0; t < seconds; t += 21)
        event(3, t, t + 21, sprintf("{\\an7\\pos(%d,0)\\fad(3000,3000)\\bord0\\blur12\\1c&HFFFFFF&\\1a&HD8&\\p1}m 0 0 l 200 0 540 860 330 860", t * 6))
    for (i = 0; i < 14; i++)
        for (t = i % 5; t < seconds; t += 12)
            event(15, t, t + 12, sprintf("{\\an7\\move(%d,%d,%d,%d)\\fad(2000,2000)\\bord0\\blur2\\1c&HFFFFFF&\\1a&H70&\\p1}%s", rand() * 1900, rand() * 700, rand() * 1900, rand() * 700, ball(4)))
}

BEGIN {
    srand(67)
    print "[Script Info]\nScriptType: v4.00+"
    if (view == "logo") { print "PlayResX: 400\nPlayResY: 400" }
    else { print "PlayResX: 1920\nPlayResY: 1080" }
    print "WrapStyle: 2\nScaledBorderAndShadow: yes\n\n[V4+ Styles]"
    print "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding"
    print "Style: Z,Noto Sans CJK SC,40,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1"
    print "\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    if (view == "room") room()
    if (view == "wide") { slides(960, 330, 76); speaker(960, 900, 1); light(); audience() }
    if (view == "close") { slides(1440, 200, 70); speaker(747, 1080, 1.75) }
    if (view == "logo") {
        event(0, 0, 1, shape(20, 20, "a2211c", 0, ball(180)))
        event(1, 0, 1, shape(34, 34, "f7d98b", 0, ball(166)))
        event(2, 0, 1, shape(42, 42, "a2211c", 0, ball(158)))
        event(3, 0, 1, words(200, 196, 230, "f7d98b", "Noto Serif CJK SC", "读", "\\b1"))
    }
}
