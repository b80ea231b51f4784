#include "app/commands/compare_numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/message.h"

void compare_caption(const compare_numbers *numbers, char caption[COMPARE_CAPTION]) {
    const flow_similarity *s = &numbers->similar;
    if (isinf(s->psnr)) {
        snprintf(caption, COMPARE_CAPTION, "no difference");
    } else if (isnan(s->ssim)) {
        snprintf(caption, COMPARE_CAPTION, "difference: %.2f dB", s->psnr);
    } else {
        snprintf(caption, COMPARE_CAPTION, "difference: %.2f dB, SSIM %.3f", s->psnr, s->ssim);
    }
}

static void print_row(const compare_numbers *numbers, bool reference) {
    const flow_similarity *s = &numbers->similar;
    if (reference) {
        puts("         -       -     -  (the others are compared with this one)");
    } else if (!numbers->known) {
        puts("         -       -     -  (another size, or other channels)");
    } else {
        printf("  %8.2f ", s->psnr);
        isnan(s->ssim) ? (void)fputs("      -", stdout) : (void)printf("%7.4f", s->ssim);
        printf("  %4d\n", s->most);
    }
}

void compare_print_table(const compare_chains *chains, const compare_numbers *numbers,
                         int reference) {
    int width = 5;
    for (int i = 0; i < chains->count; i++) {
        const int length = (int)strlen(chains->list[i].text);
        width = length > width ? length : width;
    }
    printf("%-*s  %8s %7s  %4s\n", width, "chain", "PSNR, dB", "SSIM", "most");
    for (int i = 0; i < chains->count; i++) {
        ct_text text = {0};
        printf("%-*s", width, app_escape(&text, chains->list[i].text) ? text.bytes : "");
        print_row(&numbers[i], i == reference);
        ct_text_free(&text);
    }
}

static void json_numbers(const compare_numbers *numbers) {
    const flow_similarity *s = &numbers->similar;
    fputs(",\"psnr\":", stdout);
    app_json_number(stdout, numbers->known ? s->psnr : NAN);
    fputs(",\"ssim\":", stdout);
    app_json_number(stdout, numbers->known ? s->ssim : NAN);
    fputs(",\"most\":", stdout);
    app_json_number(stdout, numbers->known ? (double)s->most : (double)NAN);
}

void compare_print_json(const char *input, const char *output, const compare_chains *chains,
                        const compare_picture *results, const compare_numbers *numbers,
                        int reference) {
    fputs("{\"input\":", stdout);
    app_json_string(stdout, input);
    fputs(",\"output\":", stdout);
    app_json_string(stdout, output);
    fputs(",\"reference\":", stdout);
    app_json_string(stdout, !numbers        ? NULL
                            : reference < 0 ? "original"
                                            : chains->list[reference].text);
    fputs(",\"results\":[", stdout);
    for (int i = 0; i < chains->count; i++) {
        const conv_shape *shape = &results[i].shape;
        fputs(i ? ",{\"chain\":" : "{\"chain\":", stdout);
        app_json_string(stdout, chains->list[i].text);
        printf(",\"width\":%d,\"height\":%d,\"channels\":%d", shape->width, shape->height,
               shape->channels);
        if (numbers) {
            json_numbers(&numbers[i]);
        }
        putchar('}');
    }
    puts("]}");
}
