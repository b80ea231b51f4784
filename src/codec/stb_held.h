/* What the readers through stb_image share: the whole file is read into memory and decoded at once,
 * and rows are copied from the result. Internal to src/codec. */
#ifndef CT_CODEC_STB_HELD_H
#define CT_CODEC_STB_HELD_H

#include "codec/format.h"

/* Sets reader->format, and reads the whole file, which stays valid until codec_input_close. */
bool codec_stb_take_file(codec_reader *reader, const char *format, const uint8_t **file,
                         size_t *size, ct_error *err);

/* Sets reader->state. Once a row is asked for, decodes the first `size` bytes of the file, whose
 * image is what reader->info says, and frees the file. */
bool codec_stb_hold(codec_reader *reader, const uint8_t *file, size_t size, ct_error *err);

/* For codec_decoder. */
uint64_t codec_stb_memory(const codec_reader *reader);
bool codec_stb_read_row(codec_reader *reader, void *row, ct_error *err);
void codec_stb_close(codec_reader *reader);

#endif
