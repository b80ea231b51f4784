#include <string.h>

#include "app/commands/worksheet_print.h"
#include "codec/codec.h"

/* For paper: numbers in boxes, room to write in, nothing cut by the end of a page. */
static const char style[] =
    "@page { size: A4; margin: 15mm 16mm 14mm }\n"
    "* { box-sizing: border-box; -webkit-print-color-adjust: exact; print-color-adjust: exact }\n"
    "body { font: 11.5pt/1.45 'Segoe UI', 'Helvetica Neue', Roboto, 'DejaVu Sans', Arial, "
    "sans-serif; color: #1c2330; margin: 0 auto; max-width: 178mm }\n"
    "header { display: flex; justify-content: space-between; align-items: flex-end; gap: 8mm; "
    "border-bottom: 0.6mm solid #1c2330; padding-bottom: 2.5mm; margin-bottom: 6mm }\n"
    "header div { min-width: 0 }\n"
    "h1 { font-size: 17pt; line-height: 1.2; margin: 0 }\n"
    "header code { display: block; font-size: 10pt; color: #5a6475; overflow-wrap: anywhere }\n"
    "header p { margin: 0; white-space: nowrap; font-size: 10pt; color: #5a6475 }\n"
    "header i { display: inline-block; width: 34mm; border-bottom: 0.25mm solid #5a6475; "
    "margin: 0 3mm 0 1.5mm }\n"
    "header i.date { width: 20mm; margin-right: 0 }\n"
    "section { break-inside: avoid; margin-bottom: 6mm }\n"
    "h2 { font-size: 13pt; margin: 0 0 1.5mm; display: flex; gap: 3mm; align-items: baseline }\n"
    "h2 b { font-size: 11pt; background: #1c2330; color: #fff; border-radius: 50%; width: 7mm; "
    "height: 7mm; flex: none; text-align: center; line-height: 7mm }\n"
    "p { margin: 0 0 3mm }\n"
    ".row { display: flex; flex-wrap: wrap; align-items: center; gap: 3mm 5mm; margin: 0 0 4mm }\n"
    ".part { display: flex; align-items: center; gap: 5mm }\n"
    ".sign { font-size: 16pt; padding-top: 5mm }\n"
    "figure { margin: 0 }\n"
    "figcaption { font-size: 9.5pt; color: #5a6475; text-align: center; min-height: 5mm }\n"
    "table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0 auto }\n"
    "td { border: 0.25mm solid #9aa3b2; min-width: 9.2mm; height: 9.2mm; padding: 0 1.2mm; "
    "text-align: center }\n"
    "td.m { background: #dde8fa }\n"
    "td.s { background: #b9d0f5; font-weight: 700; outline: 0.6mm solid #2456a6; "
    "outline-offset: -0.6mm }\n"
    "td.o { background: #ececec; border-style: dashed }\n"
    "td.b { background: #fff }\n"
    "td.b.o { background: #f2f2f2 }\n"
    "td.b.s { background: #fff; outline: 0.6mm solid #2456a6; outline-offset: -0.6mm }\n"
    ".words td { min-width: 13mm; height: 7.2mm; padding: 0 2mm }\n"
    ".words .h { font-weight: 700; background: #f0f2f6 }\n"
    "u { display: inline-block; min-width: 20mm; border-bottom: 0.3mm solid #1c2330; "
    "text-decoration: none; text-align: center; height: 7mm; vertical-align: bottom }\n"
    "img { width: 44mm; image-rendering: pixelated; border: 0.25mm solid #9aa3b2; display: block "
    "}\n"
    ".solution { break-before: page }\n"
    ".solution td.b, .solution u { color: #b3261e; font-weight: 700 }\n"
    /* Nobody writes here: less room. */
    ".solution { font-size: 9.5pt; line-height: 1.3 }\n"
    ".solution section { margin-bottom: 4mm }\n"
    ".solution p { margin-bottom: 1.5mm }\n"
    ".solution .row { margin-bottom: 2mm; gap: 2mm 4mm }\n"
    ".solution td, .solution .words td { min-width: 6mm; height: 5.4mm; padding: 0 1mm }\n"
    ".solution .sign { font-size: 13pt }\n"
    ".solution u { height: 5mm; min-width: 12mm }\n"
    ".solution img { width: 28mm }\n"
    "footer { font-size: 8.5pt; color: #7a8496; border-top: 0.2mm solid #c4cad4; "
    "padding-top: 1.5mm }\n"
    "@media screen { body { padding: 10mm 6mm } .solution { margin-top: 20mm } }\n";

static bool add(ct_text *out, const char *text) {
    return ct_text_add(out, text, strlen(text));
}

static bool is_negative(const char *text) {
    return text[0] == '-' && text[1] >= '0' && text[1] <= '9';
}

/* Text with what HTML reads otherwise written out; a blank's answer only if it's to be shown. */
static bool add_text(ct_text *out, const char *text, bool solution) {
    bool ok = true, hidden = false;
    for (; ok && *text; text++) {
        if (*text == SHEET_OPEN) {
            ok = add(out, "<u>");
            hidden = !solution;
            if (is_negative(text + 1) && solution) {
                ok = ok && add(out, "−");
                text++;
            }
        } else if (*text == SHEET_CLOSE) {
            ok = add(out, "</u>");
            hidden = false;
        } else if (hidden) {
            continue;
        } else if (strncmp(text, "   ", 3) == 0) {
            ok = add(out, "&emsp;");
            text += 2;
        } else {
            ok = *text == '&'   ? add(out, "&amp;")
                 : *text == '<' ? add(out, "&lt;")
                                : ct_text_add(out, text, 1);
        }
    }
    return ok;
}

/* A minus sign is wider than a hyphen. */
static bool add_number(ct_text *out, const char *text) {
    const bool minus = is_negative(text);
    return (!minus || add(out, "−")) && add_text(out, text + minus, true);
}

static bool add_cell(ct_text *out, const sheet_grid *grid, const sheet_cell *cell, bool solution) {
    char classes[16] = "";
    const bool heading = grid->table && cell->strong;
    strcat(classes, heading ? "h " : cell->strong ? "s " : cell->marked ? "m " : "");
    strcat(classes, cell->beyond ? "o " : "");
    strcat(classes, cell->blank ? "b " : "");
    return ct_text_print(out, "<td class='%s'>", classes) &&
           (cell->blank && !solution ? true : add_number(out, cell->text)) && add(out, "</td>");
}

/* ---- pictures ---- */

static bool put_text(void *context, const void *bytes, size_t size, ct_error *err) {
    return ct_text_add(context, bytes, size) || ct_fail(err, "out of memory");
}

static bool make_png(const sheet_grid *grid, ct_text *bytes, ct_error *err) {
    const codec_info info = {.width = grid->width,
                             .height = grid->height,
                             .channels = 1,
                             .sample = CODEC_U8,
                             .meta = {.srgb_intent = -1}};
    const codec_options options = codec_default_options();
    const codec_sink sink = {.put = put_text, .context = bytes};
    codec_writer *writer = codec_create(codec_format_by_name("png"), &info, &options, sink, err);
    const bool ok = writer &&
                    codec_write(writer, grid->height, grid->gray, (size_t)grid->width, NULL, err) &&
                    codec_finish(writer, err);
    codec_writer_free(writer);
    return ok;
}

static bool add_base64(ct_text *out, const ct_text *bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bool ok = true;
    for (size_t i = 0; ok && i < bytes->length; i += 3) {
        const size_t left = bytes->length - i;
        uint32_t three = 0;
        for (size_t k = 0; k < 3; k++) {
            three = three << 8 | (k < left ? (uint8_t)bytes->bytes[i + k] : 0);
        }
        const char four[4] = {digits[three >> 18], digits[three >> 12 & 63],
                              left > 1 ? digits[three >> 6 & 63] : '=',
                              left > 2 ? digits[three & 63] : '='};
        ok = ct_text_add(out, four, 4);
    }
    return ok;
}

static bool add_picture(ct_text *out, const sheet_grid *grid, ct_error *err) {
    ct_text png = {0};
    const bool made = make_png(grid, &png, err);
    const bool ok =
        made && ((ct_text_print(out, "<img alt='%s' src='data:image/png;base64,", grid->caption) &&
                  add_base64(out, &png) && add(out, "'>")) ||
                 ct_fail(err, "out of memory"));
    ct_text_free(&png);
    return ok;
}

/* ---- blocks ---- */

static bool add_grid(ct_text *out, const sheet_grid *grid, bool solution, ct_error *err) {
    bool ok =
        add(out, "<div class=part>") &&
        (!grid->sign[0] || ct_text_print(out, "<span class=sign>%s</span>", grid->sign)) &&
        add(out, "<figure>") &&
        (!grid->caption[0] || (add(out, "<figcaption>") && add_text(out, grid->caption, solution) &&
                               add(out, "</figcaption>")));
    if (grid->gray) {
        if (!ok || !add_picture(out, grid, err)) {
            return false;
        }
    } else {
        ok = ok && add(out, grid->table ? "<table class=words>" : "<table>");
    }
    for (int y = 0; ok && grid->cells && y < grid->height; y++) {
        ok = add(out, "<tr>");
        for (int x = 0; ok && x < grid->width; x++) {
            ok = add_cell(out, grid, &grid->cells[y * grid->width + x], solution);
        }
        ok = ok && add(out, "</tr>\n");
    }
    return (ok && add(out, grid->gray ? "</figure></div>\n" : "</table></figure></div>\n")) ||
           ct_fail(err, "out of memory");
}

static bool add_exercise(ct_text *out, const sheet_exercise *e, int number, bool solution,
                         ct_error *err) {
    bool ok = ct_text_print(out, "<section>\n<h2><b>%d</b> ", number) &&
              add_text(out, e->title, solution) && add(out, "</h2>\n");
    for (int b = 0; ok && b < e->count; b++) {
        const sheet_block *block = &e->blocks[b];
        ok = block->text
                 ? add(out, "<p>") && add_text(out, block->text, solution) && add(out, "</p>\n")
                 : add(out, "<div class=row>\n");
        for (int g = 0; ok && g < block->count; g++) {
            if (!add_grid(out, &block->grids[g], solution, err)) {
                return false;
            }
        }
        ok = ok && (block->text || add(out, "</div>\n"));
    }
    return (ok && add(out, "</section>\n")) || ct_fail(err, "out of memory");
}

static bool add_page(ct_text *out, const sheet *s, bool solution, ct_error *err) {
    bool ok = ct_text_print(out, "<main class='%s'>\n<header><div><h1>%s</h1><code>",
                            solution ? "solution" : "", solution ? "Solutions" : "Worksheet") &&
              add_text(out, s->subject, solution) &&
              add(out, solution ? "</code></div></header>\n"
                                : "</code></div><p>Name<i></i> Date<i class=date></i></p>"
                                  "</header>\n");
    if (!ok) {
        return ct_fail(err, "out of memory");
    }
    for (int i = 0; i < s->count; i++) {
        if (!add_exercise(out, &s->exercises[i], i + 1, solution, err)) {
            return false;
        }
    }
    return add(out, "</main>\n") || ct_fail(err, "out of memory");
}

bool sheet_print_html(const sheet *s, bool solution, ct_text *out, ct_error *err) {
    const bool ok =
        add(out, "<!doctype html>\n<!-- " SHEET_MARK " -->\n<html lang=en>\n<meta charset=utf-8>\n"
                 "<meta name=viewport content='width=device-width'>\n<title>Worksheet: ") &&
        add_text(out, s->subject, solution) && add(out, "</title>\n<style>\n") && add(out, style) &&
        add(out, "</style>\n");
    return ok ? add_page(out, s, false, err) && (!solution || add_page(out, s, true, err))
              : ct_fail(err, "out of memory");
}
