# convtool. `make help` lists the targets.
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
CODECS  ?= auto
CFLAGS  ?= -O3 -g
WARN     = -std=gnu11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror
CPPFLAGS += -Isrc -D_GNU_SOURCE
LDLIBS   = -lm -lpthread
ARCH    := $(shell $(CC) -dumpmachine | cut -d- -f1)

# The row kernels are compiled once for each instruction set. To add one: a line here and a row in
# the table of src/conv/isa.c.
ISAS_x86_64 = baseline v3 v4
ISA_v3 = -march=x86-64-v3
ISA_v4 = -march=x86-64-v4 -mprefer-vector-width=512
# No errno and no traps from arithmetic: without these sqrtf and comparisons don't vectorise.
ROWFLAGS = -O3 -fno-math-errno -fno-trapping-math
ISAS = $(or $(ISAS_$(ARCH)),baseline)

SOURCES  = $(filter-out src/conv/rows.c,$(wildcard src/*/*.c)) $(wildcard third_party/*.c)
ROWS     = $(ISAS:%=$(BUILD)/src/conv/rows-%.o)
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o) $(ROWS)

.PHONY: all
all: $(BUILD)/convtool

$(BUILD)/convtool: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(BUILD)/src/conv/rows-%.o: src/conv/rows.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) $(ROWFLAGS) $(ISA_$*) -DROWS_ISA=$* -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)
