# convtool. `make help` lists the targets.
MAKEFLAGS += --no-builtin-rules
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

# PNG goes through ISA-L (with libdeflate for the smallest files) and JPEG through libjpeg-turbo where
# pkg-config finds them; without them, or with CODECS=stb, stb serves both. src/codec/png/isal_*.c
# and src/codec/jpeg/turbo*.c are compiled only with their library.
$(if $(filter auto stb,$(CODECS)),,$(error CODECS=$(CODECS): expected auto or stb))
LIBRARIES := $(if $(filter auto,$(CODECS)),$(foreach l,libisal libdeflate libjpeg,$(shell \
    pkg-config --exists $(l) 2>/dev/null && echo $(l))))
ABSENT    = $(if $(filter libisal,$(LIBRARIES)),,$(wildcard src/codec/png/isal_*.c)) \
    $(if $(filter libjpeg,$(LIBRARIES)),,$(wildcard src/codec/jpeg/turbo*.c))
LIBRARY_CPPFLAGS := $(if $(LIBRARIES),$(shell pkg-config --cflags $(LIBRARIES)))
LIBRARY_LDLIBS   := $(if $(LIBRARIES),$(shell pkg-config --libs $(LIBRARIES)))
# libdeflate comes out of its archive where there is one: one library less to load at every start.
DEFLATE_ARCHIVE  := $(filter /%,$(shell $(CC) -print-file-name=libdeflate.a))
LIBRARY_LDLIBS   := $(if $(DEFLATE_ARCHIVE),$(patsubst -ldeflate,$(DEFLATE_ARCHIVE),$(LIBRARY_LDLIBS)),$(LIBRARY_LDLIBS))
CPPFLAGS += $(LIBRARY_CPPFLAGS) \
    $(if $(filter libisal,$(LIBRARIES)),-DCT_HAVE_ISAL) \
    $(if $(filter libdeflate,$(LIBRARIES)),-DCT_HAVE_DEFLATE) \
    $(if $(filter libjpeg,$(LIBRARIES)),-DCT_HAVE_JPEG)
LDLIBS   += $(LIBRARY_LDLIBS)

# The row kernels are compiled once for each instruction set. To add one: a line here and a row in
# the table of src/conv/rows/isa.c.
ISAS_x86_64 = baseline v3 v4
ISA_v3 = -march=x86-64-v3
ISA_v4 = -march=x86-64-v4 -mprefer-vector-width=512
# No errno and no traps from arithmetic: without these sqrtf and comparisons don't vectorise.
ROWFLAGS = -O3 -fno-math-errno -fno-trapping-math
ISAS = $(or $(ISAS_$(ARCH)),baseline)

SOURCES  = $(filter-out src/conv/rows/rows.c $(ABSENT),$(wildcard src/*/*.c src/*/*/*.c)) $(wildcard third_party/*.c)
ROWS     = $(ISAS:%=$(BUILD)/src/conv/rows/rows-%.o)
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o) $(ROWS)

# Every tests/unit_NAME.c is one program; the other files of tests/ are helpers that any may use.
UNITS   = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit_*.c))
HELPERS = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(wildcard tests/unit_*.c),$(wildcard tests/*.c)))
# Every tests/preload/NAME.c is a library that tests/cli puts before the program; built without
# sanitizers, which it isn't used with.
PRELOADS = $(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/preload/*.c))
# Programs that tests/peers.py calls; of the engine and base alone.
TOOLS   = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c))
CHECK  ?= $(shell pkg-config --cflags --libs check)
# PNG is compared with libpng's reading and writing where it's there.
LIBPNG ?= $(shell pkg-config --cflags --libs libpng 2>/dev/null)
# Every tests/fuzz/fuzz_NAME.c is one program, which runs files through a part of convtool.
TARGETS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELP = fuzz watched files
# What `make test` runs; each ends with "N passed, N failed" or with Check's own line.
RUNNERS ?= $(UNITS) tests/structure.py tests/clang.sh tests/png_tools.sh tests/cli/run tests/fuzz/replay.sh \
    tests/readme.py tests/peers.py

.PHONY: all
all: $(BUILD)/convtool  ## builds build/convtool (the default)

$(BUILD)/convtool: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

# The table of formats is compiled again when the libraries have changed.
$(BUILD)/src/codec/formats.o: $(BUILD)/libraries
$(BUILD)/libraries: FORCE
	@mkdir -p $(@D)
	@echo '$(LIBRARIES)' | cmp -s - $@ || echo '$(LIBRARIES)' > $@
.PHONY: FORCE

$(BUILD)/src/conv/rows/rows-%.o: src/conv/rows/rows.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) $(ROWFLAGS) $(ISA_$*) -DROWS_ISA=$* -MMD -MP -c -o $@ $<

# Other people's code: locals start as zeros, as stb reads some that it never wrote (a palette's
# end), and sums wrap instead of being undefined. In a damaged JPEG stb shifts by 32 bits, which
# does no harm here, so UBSan isn't asked about shifts. The headers' first lines tell their versions.
try      = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo '$(1)')
ZERO     = -ftrivial-auto-var-init=zero
ZERO_OLD = $(ZERO) -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
version  = $(shell $(CC) $(CPPFLAGS) -include stb/$(1).h -E -x c /dev/null | \
    sed -n 's:^. 1 "\(.*/$(1)[.]h\)".*:\1:p' | head -n 1 | xargs sed -n '1s:.* - v\([0-9.]*\) .*:\1:p')

$(BUILD)/third_party/%.o: third_party/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -fwrapv -fno-sanitize=shift $(or $(call try,$(ZERO)),$(call try,$(ZERO_OLD))) \
	    -DSTB_IMAGE_VERSION='"$(call version,stb_image)"' \
	    -DSTB_IMAGE_WRITE_VERSION='"$(call version,stb_image_write)"' -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d) $(HELPERS:.o=.d) $(UNITS:=.d) $(TOOLS:=.d) \
    $(wildcard $(BUILD)/tests/bench/*.d $(BUILD)/tests/fuzz/*.d $(BUILD)/tests/large/*.d)

# ---- for users ----

.PHONY: demo install uninstall clean help
demo:  ## installs what the build needs, builds, and filters a photograph
	@third_party/install.sh build
	@$(MAKE) --no-print-directory all
	@mkdir -p $(BUILD)/demo
	$(BUILD)/convtool sobel samples/chelsea.png $(BUILD)/demo/chelsea-sobel.png
	@echo "The edges of samples/chelsea.png are in $(BUILD)/demo/chelsea-sobel.png"

SHARE = $(DESTDIR)$(PREFIX)/share
INSTALLED = $(DESTDIR)$(PREFIX)/bin/convtool $(SHARE)/man/man1/convtool.1 \
    $(SHARE)/bash-completion/completions/convtool $(SHARE)/zsh/site-functions/_convtool \
    $(SHARE)/fish/vendor_completions.d/convtool.fish

install: all  ## installs the program, its man page and completions (PREFIX, DESTDIR)
	@mkdir -p $(dir $(INSTALLED)) $(BUILD)/completion
	for shell in bash zsh fish; do \
	    $(BUILD)/convtool completion $$shell > $(BUILD)/completion/$$shell || exit 1; done
	install -m 755 $(BUILD)/convtool $(word 1,$(INSTALLED))
	install -m 644 man/convtool.1 $(word 2,$(INSTALLED))
	install -m 644 $(BUILD)/completion/bash $(word 3,$(INSTALLED))
	install -m 644 $(BUILD)/completion/zsh $(word 4,$(INSTALLED))
	install -m 644 $(BUILD)/completion/fish $(word 5,$(INSTALLED))

uninstall:  ## takes away what `make install` installed
	rm -f $(INSTALLED)

clean:  ## takes away everything that was built
	rm -rf $(BUILD)

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

# ---- tests ----

.PHONY: check test tests check-asan check-stb check-tsan check-clang check-aarch64 check-large bench format lint \
    fuzz targets
check:  ## installs what the tests need, builds, and runs all tests
	@third_party/install.sh build test
	@$(MAKE) --no-print-directory test

test: all tests  ## runs all tests, without installing anything
	@BUILD=$(BUILD) tests/run $(RUNNERS)

tests: $(UNITS) $(TOOLS) $(TARGETS) $(BUILD)/tests/fuzz/mutations $(PRELOADS)

$(PRELOADS): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -O2 -g $(WARN) -fPIC -shared -MMD -MP -o $@ $<

$(BUILD)/tests/helpers.a: $(HELPERS)
	rm -f $@ && $(AR) rcs $@ $^

# The engine's test links with the engine and base alone: nothing else may be needed.
$(BUILD)/tests/unit_conv: $(filter $(BUILD)/src/base/% $(BUILD)/src/conv/%,$(OBJECTS))
$(filter-out %/unit_conv,$(UNITS)): $(filter-out %/src/app/main.o,$(OBJECTS))
$(UNITS): %: %.o $(BUILD)/tests/helpers.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK) $(LIBPNG) $(LDLIBS)
$(BUILD)/tests/codec_%.o: CPPFLAGS += $(if $(LIBPNG),-DCT_TEST_LIBPNG)

# FUZZ_MAIN is whose main() a fuzz target has: that of replay.c, or libFuzzer's (`make fuzz`).
FUZZ_MAIN ?= $(BUILD)/tests/fuzz/replay.o
$(TARGETS): %: %.o $(FUZZ_MAIN)
	$(CC) $(CFLAGS) $(LDFLAGS) $(FUZZ_LINK) -o $@ $^ $(LDLIBS)
$(BUILD)/tests/fuzz/mutations: %: %.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(TARGETS) $(BUILD)/tests/fuzz/mutations: $(FUZZ_HELP:%=$(BUILD)/tests/fuzz/%.o) \
    $(filter-out %/src/app/main.o,$(OBJECTS))

$(TOOLS): %: %.o $(filter $(BUILD)/src/base/% $(BUILD)/src/conv/%,$(OBJECTS))
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Variants build in their own directories. They run fewer random cases, being slower.
# Optimised further, the row kernels take minutes to compile with the sanitizers.
$(if $(findstring -fsanitize,$(CFLAGS)),$(eval ROWFLAGS := $(subst -O3,-O1,$(ROWFLAGS))))
SANITIZE = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
SLOW = CONVTOOL_CASES=$(or $(CONVTOOL_CASES),200)

check-asan:  ## all but the peers, under AddressSanitizer and UndefinedBehaviorSanitizer
	$(SLOW) $(MAKE) BUILD=$(BUILD)/asan CFLAGS="$(SANITIZE) -fsanitize=address,undefined" test \
	    RUNNERS='$$(UNITS) tests/cli/run tests/fuzz/replay.sh'

check-tsan:  ## the flow and the codecs under ThreadSanitizer
	$(SLOW) $(MAKE) BUILD=$(BUILD)/tsan CFLAGS="$(SANITIZE) -fsanitize=thread" test \
	    RUNNERS='$$(BUILD)/tests/unit_flow $$(BUILD)/tests/unit_codec'

check-stb:  ## all but the peers with PNG and JPEG on stb alone, under the same sanitizers
	$(SLOW) $(MAKE) BUILD=$(BUILD)/stb CODECS=stb CFLAGS="$(SANITIZE) -fsanitize=address,undefined" \
	    test RUNNERS='$$(UNITS) tests/cli/run tests/fuzz/replay.sh'

check-clang:  ## the unit tests built by clang
	$(MAKE) BUILD=$(BUILD)/clang CC=clang test RUNNERS='$$(UNITS)'

# clang's libFuzzer under the same sanitizers, but for UBSan in the row kernels: with it and -O3
# clang compiles them for many minutes.
FUZZ_SECONDS ?= 60
FUZZ_BUILD = BUILD=$(BUILD)/fuzz CC=clang ROWFLAGS="-O1 -fno-sanitize=undefined" \
    CFLAGS="$(SANITIZE) -fsanitize=fuzzer-no-link,address,undefined"
fuzz:  ## each fuzz target for a minute (FUZZ_SECONDS), and 100000 mutations
	@third_party/install.sh build fuzz
	@$(MAKE) --no-print-directory $(FUZZ_BUILD) FUZZ_MAIN= FUZZ_LINK=-fsanitize=fuzzer targets
	@$(MAKE) --no-print-directory $(FUZZ_BUILD) $(BUILD)/fuzz/tests/fuzz/mutations
	@BUILD=$(BUILD)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run tests/fuzz/fuzz.sh

targets: $(TARGETS)

# -idirafter: stb and Check are headers of this machine; the C library's are the cross compiler's.
AARCH64 = aarch64-linux-gnu
check-aarch64:  ## the unit tests built for aarch64, run by qemu-user
	@third_party/install.sh build cross
	@tests/arm64-check.sh $(BUILD)/aarch64/debian
	$(SLOW) EMULATOR=qemu-aarch64 $(MAKE) BUILD=$(BUILD)/aarch64 CODECS=stb CC=$(AARCH64)-gcc \
	    AR=$(AARCH64)-ar LIBPNG= LDFLAGS=-static CPPFLAGS='-Isrc -D_GNU_SOURCE -idirafter /usr/include' \
	    CHECK='-L$(BUILD)/aarch64/debian/usr/lib/$(AARCH64) -pthread -lcheck -lrt -lsubunit' \
	    test RUNNERS='$$(UNITS)'

check-large: $(BUILD)/tests/large/png  ## images beyond 4 GiB, through pipes (needs ISA-L)
	@BUILD=$(BUILD) tests/run $<

$(BUILD)/tests/large/png: %: %.o $(filter-out %/src/app/main.o,$(OBJECTS))
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

ONLY ?=
BENCHES = $(BUILD)/tests/bench/launch $(BUILD)/tests/bench/decode
bench: all  ## speed and memory beside other programs; ONLY=WORD: the rows named so
	@third_party/install.sh build bench
	@$(MAKE) --no-print-directory $(BENCHES)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/pic CFLAGS='$(CFLAGS) -fPIC -fvisibility=hidden' \
	    $(BUILD)/pic/engine.so
	@BUILD=$(BUILD) tests/bench/run $(ONLY)

$(BENCHES): %: %.o $(filter $(BUILD)/src/base/% $(BUILD)/src/codec/% $(BUILD)/third_party/%,$(OBJECTS))
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The engine as a shared object, which Python loads; built in a directory of its own.
$(BUILD)/engine.so: $(BUILD)/tests/bench/engine.o $(filter-out %/src/app/main.o,$(OBJECTS))
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ $(LDLIBS)

FORMATTED = $(wildcard src/*/*.[ch] src/*/*/*.[ch] src/*/*/*.inc tests/*.[ch] tests/bench/*.c tests/fuzz/*.[ch] tests/large/*.c \
    tests/preload/*.c tests/tools/*.c third_party/*.[ch] samples/*.c)
format:  ## formats the C files
	clang-format -i $(FORMATTED)

lint:  ## checks the format of the C files, the man page and the shell scripts
	clang-format --dry-run -Werror $(FORMATTED)
	mandoc -T lint -W warning man/convtool.1
	shellcheck -x tests/run tests/*.sh tests/fuzz/*.sh third_party/*.sh .ci/run
