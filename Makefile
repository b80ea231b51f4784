# convtool. `make help` lists the targets. V=1 shows every command, -s nothing but errors.
SILENT := $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
MAKEFLAGS += --no-builtin-rules --no-print-directory
Q       = $(if $(V),,@)
say     = $(if $(V)$(SILENT),,@echo '  $(1)')
# A make within make: quiet, and on every core unless -j says otherwise.
QUIETLY = $(MAKE) $(if $(V),,-s) \
    $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))

CC      ?= cc
# A cross compiler has its own: aarch64-linux-gnu-strip goes with aarch64-linux-gnu-gcc.
STRIP   ?= $(if $(filter %-gcc,$(CC)),$(CC:%-gcc=%-strip),strip)
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
CODECS  ?= auto
CFLAGS  ?= -O3 -g
WERROR  ?= -Werror
WARN     = -std=gnu11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes $(WERROR)
ARCH    := $(shell $(CC) -dumpmachine | cut -d- -f1)

# PNG goes through ISA-L (with libdeflate for the smallest files) and JPEG through libjpeg-turbo
# where pkg-config finds them; without them, or with CODECS=stb, stb serves both.
# src/codec/png/isal_*.c and src/codec/jpeg/turbo*.c are compiled only with their library.
$(if $(filter auto stb,$(CODECS)),,$(error CODECS=$(CODECS): expected auto or stb))
LIBRARIES := $(if $(filter auto,$(CODECS)),$(foreach l,libisal libdeflate libjpeg,$(shell \
    pkg-config --exists $(l) 2>/dev/null && echo $(l))))
# ONNX models are read by protobuf-c, with the code that protoc-c makes of ONNX's schema; without
# either, `convtool net` says what is missing. NETS=no builds without on purpose.
NETS ?= auto
$(if $(filter auto no,$(NETS)),,$(error NETS=$(NETS): expected auto or no))
ONNX_SCHEMA := $(if $(filter auto,$(NETS)),$(and \
    $(shell pkg-config --exists libprotobuf-c 2>/dev/null && command -v protoc-c), \
    $(wildcard /usr/include/onnx/onnx.proto)))
LIBRARIES += $(if $(ONNX_SCHEMA),libprotobuf-c)
# Pictures in a terminal (--view) are libchafa's: its headers are needed to build, and the library
# itself, once there is one to show. VIEW=no builds without on purpose.
VIEW ?= auto
$(if $(filter auto no,$(VIEW)),,$(error VIEW=$(VIEW): expected auto or no))
CHAFA := $(if $(filter auto,$(VIEW)),$(shell \
    pkg-config --exists 'chafa >= 1.12' 2>/dev/null && pkg-config --cflags chafa))
ABSENT    = $(if $(filter libisal,$(LIBRARIES)),,$(wildcard src/codec/png/isal_*.c)) \
    $(if $(filter libjpeg,$(LIBRARIES)),,$(wildcard src/codec/jpeg/turbo*.c))
LIBRARY_CPPFLAGS := $(if $(LIBRARIES),$(shell pkg-config --cflags $(LIBRARIES)))
LIBRARY_LDLIBS   := $(if $(LIBRARIES),$(shell pkg-config --libs $(LIBRARIES)))
# These are linked statically where there is an archive: fewer libraries to load at each start.
archive = $(or $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a)),-l$(1))
LIBRARY_LDLIBS   := $(foreach l,$(LIBRARY_LDLIBS),$(if \
    $(filter -ldeflate -lprotobuf-c,$(l)),$(call archive,$(l:-l%=%)),$(l)))

# What the program needs itself; CPPFLAGS, LDFLAGS and LDLIBS of the command line are added.
OWN_CPPFLAGS = -Isrc -I$(BUILD)/src -D_GNU_SOURCE $(LIBRARY_CPPFLAGS) \
    $(if $(filter libisal,$(LIBRARIES)),-DCT_HAVE_ISAL) \
    $(if $(filter libdeflate,$(LIBRARIES)),-DCT_HAVE_DEFLATE) \
    $(if $(filter libjpeg,$(LIBRARIES)),-DCT_HAVE_JPEG) \
    $(if $(ONNX_SCHEMA),-DCT_HAVE_PROTOBUF -isystem $(BUILD)/onnx) \
    $(if $(CHAFA),-DCT_HAVE_CHAFA $(CHAFA:-I%=-isystem %))
ALL_LIBS = $(LIBRARY_LDLIBS) -lm -lpthread $(LDLIBS)

# try: the flags, if the compiler accepts them along with the further flags; try_link: the same for
# the linker.
try      = $(shell $(CC) -Werror $(1) $(2) -x c -c /dev/null -o /dev/null 2>/dev/null && \
    echo '$(1)')
comma   := ,
try_link = $(shell echo 'int main(void){return 0;}' | $(CC) -Werror $(1) -x c - -o /dev/null \
    2>/dev/null && echo '$(1)')

# Hardening: checked lengths in calls of the C library, stack canaries, a stack that can't jump over
# the page that guards it, control-flow protection, addresses of functions that can't be
# overwritten, and a program that is loaded to a different place each time. Sanitizers do more, and
# don't go with all of it; without optimisation there is no _FORTIFY_SOURCE. tests/hardened.sh
# checks that the program has it.
fortify   = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(1)
OPTIMISED := $(filter-out -O0,$(filter -O%,$(CFLAGS)))
ifeq ($(findstring -fsanitize,$(CFLAGS)),)
HARDEN    := $(call try,-fstack-protector-strong) $(call try,-fstack-clash-protection) \
    $(or $(call try,-fcf-protection),$(call try,-mbranch-protection=standard)) \
    $(if $(OPTIMISED),$(or $(call try,$(call fortify,3),-O2 -include features.h),$(call fortify,2)))
HARDEN_LD := $(call try_link,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now)
# Unless CFLAGS or LDFLAGS ask for another kind of program, or of object.
ifeq ($(filter -fPIC -fpic -fno-PIE -fno-pie -no-pie -static -static-pie,$(CFLAGS) $(LDFLAGS)),)
PIE       := $(call try_link,-fPIE -pie)
HARDEN    += $(filter -fPIE,$(PIE))
HARDEN_LD += $(filter -pie,$(PIE))
endif
endif
compile = $(CC) $(OWN_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(HARDEN) $(WARN) -MMD -MP
link    = $(CC) $(CFLAGS) $(HARDEN) $(LDFLAGS) $(HARDEN_LD)

# The row kernels are compiled once for each instruction set. To add one: a line here and a row in
# the table of src/conv/rows/isa.c.
ISAS_x86_64 = baseline v3 v4
ISA_v3 = -march=x86-64-v3
ISA_v4 = -march=x86-64-v4 -mprefer-vector-width=512
# No errno and no traps from arithmetic: without these sqrtf and comparisons don't vectorise.
ROWFLAGS = -O3 -fno-math-errno -fno-trapping-math
ISAS = $(or $(ISAS_$(ARCH)),baseline)

# src/lesson is the page's alone.
SOURCES  = $(filter-out src/conv/rows/rows.c src/lesson/% $(ABSENT),$(wildcard src/*/*.c \
    src/*/*/*.c)) $(wildcard third_party/*.c)
ROWS     = $(ISAS:%=$(BUILD)/src/conv/rows/rows-%.o)
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o) $(ROWS) $(if $(ONNX_SCHEMA),$(BUILD)/onnx/onnx.pb-c.o)

# Every tests/unit_NAME.c is one program; the other files of tests/ are helpers that any may use.
UNITS   = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit_*.c))
HELPERS = $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/unit_%,$(wildcard tests/*.c)))
# Every tests/preload/NAME.c is a library that tests/cli preloads into the program; built without
# sanitizers, with which it isn't used.
PRELOADS = $(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/preload/*.c))
# Programs that tests/*.py call; linked only with the engine and base, and net where that's tested.
TOOLS   = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c))
CHECK  ?= $(shell pkg-config --cflags --libs check)
# PNG is compared with libpng where that is installed.
LIBPNG ?= $(shell pkg-config --cflags --libs libpng 2>/dev/null)
# Every tests/fuzz/fuzz_NAME.c is one program, which runs files through a part of convtool.
TARGETS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELP = draw fuzz graph numbers watched files
# What `make test` runs, the longest first, as several run at once; each ends with "N passed,
# N failed" or with Check's own line.
RUNNERS ?= tests/cli/run $(UNITS) tests/structure.py tests/hardened.sh tests/make.sh \
    tests/clang.sh tests/png_tools.sh tests/fuzz/replay.sh tests/readme.py tests/lessons.py \
    tests/peers.py tests/likes.py tests/merge.sh tests/net_cases.py tests/net_random.py \
    tests/published.py tests/lesson_engine.py tests/lesson_page.py

.PHONY: all
all: $(BUILD)/convtool  ## builds build/convtool (the default)

$(BUILD)/convtool: $(OBJECTS)
	$(call say,LD $@)
	$(Q)$(link) -o $@ $^ $(ALL_LIBS)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(compile) -c -o $@ $<

# Everything is made again when the flags, or the libraries found, have changed.
print_flags = printf '%s\n' '$(compile)' '$(link) $(ALL_LIBS)'
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@$(print_flags) | cmp -s - $@ || $(print_flags) >$@
.PHONY: FORCE

# The shells' scripts are files of their own; the program prints them, so here they become C
# strings.
SHELLS = bash zsh fish
SCRIPTS = $(SHELLS:%=$(BUILD)/src/app/complete/completion.%.inc)
$(SCRIPTS): $(BUILD)/%.inc: %
	@mkdir -p $(@D)
	$(Q)sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $< >$@
$(BUILD)/src/app/complete/completion.o: $(SCRIPTS)

# Other people's code again, made of their schema.
$(BUILD)/onnx/onnx.pb-c.c: $(ONNX_SCHEMA)
	@mkdir -p $(@D)
	$(call say,PROTOC $<)
	$(Q)protoc-c --c_out=$(@D) -I $(dir $<) $<
$(BUILD)/onnx/onnx.pb-c.o: $(BUILD)/onnx/onnx.pb-c.c $(BUILD)/flags
	$(call say,CC $<)
	$(Q)$(compile) -w -c -o $@ $<
$(if $(ONNX_SCHEMA),$(patsubst %.c,$(BUILD)/%.o,$(wildcard src/net/onnx/*.c))): \
    | $(if $(ONNX_SCHEMA),$(BUILD)/onnx/onnx.pb-c.c)

# The operators of networks likewise.
$(patsubst %.c,$(BUILD)/%.o,$(wildcard src/net/ops/*.c)): private CFLAGS += $(ROWFLAGS)

$(BUILD)/src/conv/rows/rows-%.o: src/conv/rows/rows.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC $< for $*)
	$(Q)$(compile) $(ROWFLAGS) $(ISA_$*) -DROWS_ISA=$* -c -o $@ $<

# Other people's code: locals start as zeros, as stb reads some that it never wrote (a palette's
# end), and overflow wraps instead of being undefined. In a damaged JPEG stb shifts by 32 bits,
# which does no harm here, so UBSan doesn't check shifts. The first line of a header has its
# version.
ZERO     = -ftrivial-auto-var-init=zero
ZERO_OLD = $(ZERO) -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
version  = $(shell $(CC) $(OWN_CPPFLAGS) $(CPPFLAGS) -include stb/$(1).h -E -x c /dev/null | \
    sed -n 's:^. 1 "\(.*/$(1)[.]h\)".*:\1:p' | head -n 1 | \
    xargs sed -n '1s:.* - v\([0-9.]*\) .*:\1:p')

$(BUILD)/third_party/%.o: third_party/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(compile) -fwrapv -fno-sanitize=shift \
	    $(or $(call try,$(ZERO)),$(call try,$(ZERO_OLD))) \
	    -DSTB_IMAGE_VERSION='"$(call version,stb_image)"' \
	    -DSTB_IMAGE_WRITE_VERSION='"$(call version,stb_image_write)"' -c -o $@ $<

-include $(OBJECTS:.o=.d) $(HELPERS:.o=.d) $(UNITS:=.d) $(TOOLS:=.d) \
    $(wildcard $(BUILD)/tests/bench/*.d $(BUILD)/tests/fuzz/*.d $(BUILD)/tests/large/*.d)

include src/lesson/lesson.mk

# ---- for users ----

.PHONY: demo install uninstall clean help
demo:  ## installs what the build needs, builds, and filters a photograph
	@third_party/install.sh build
	@echo "Building $(BUILD)/convtool, which may take a minute"
	+@$(QUIETLY) all
	@mkdir -p $(BUILD)/demo
	$(BUILD)/convtool sobel samples/chelsea.png $(BUILD)/demo/chelsea-sobel.png
	@echo "The edges of samples/chelsea.png are in $(BUILD)/demo/chelsea-sobel.png"

SHARE = $(DESTDIR)$(PREFIX)/share
LESSON_PAGE = $(SHARE)/convtool/lesson/index.html
INSTALLED = $(DESTDIR)$(PREFIX)/bin/convtool $(SHARE)/man/man1/convtool.1 \
    $(SHARE)/bash-completion/completions/convtool $(SHARE)/zsh/site-functions/_convtool \
    $(SHARE)/fish/vendor_completions.d/convtool.fish

install: all  ## installs the program, its man page and completions (PREFIX, DESTDIR)
	$(Q)mkdir -p $(dir $(INSTALLED))
	$(call say,installing into $(DESTDIR)$(PREFIX))
	$(Q)install -m 755 $(BUILD)/convtool $(word 1,$(INSTALLED))
	$(Q)$(STRIP) $(word 1,$(INSTALLED))
	$(Q)install -m 644 man/convtool.1 $(word 2,$(INSTALLED))
	$(Q)install -m 644 src/app/complete/completion.bash $(word 3,$(INSTALLED))
	$(Q)install -m 644 src/app/complete/completion.zsh $(word 4,$(INSTALLED))
	$(Q)install -m 644 src/app/complete/completion.fish $(word 5,$(INSTALLED))
	$(Q)if [ -e $(LESSON)/index.html ]; then mkdir -p $(dir $(LESSON_PAGE)) && \
	    install -m 644 $(LESSON)/index.html $(LESSON_PAGE); fi

uninstall:  ## removes what `make install` installed
	$(Q)rm -f $(INSTALLED) $(LESSON_PAGE)

clean:  ## removes everything that was built
	$(Q)rm -rf $(BUILD)

help:  ## prints this list
	@sed -n 's/^\([a-z0-9-]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
	@echo "V=1 shows every command, -s only errors, -j8 uses 8 cores."

# ---- tests ----

CHECKS = asan stb tsan clang aarch64 cluster large
.PHONY: check test tests $(CHECKS:%=check-%) bench format lint fuzz targets
check:  ## installs what the tests need, builds, and runs all tests
	@third_party/install.sh build test
	@echo "Building the program and its tests, which may take some minutes"
	+@$(QUIETLY) all tests
	+@$(QUIETLY) test

test: all tests  ## runs all tests, without installing anything
	@BUILD=$(BUILD) tests/run $(RUNNERS)

tests: $(UNITS) $(TOOLS) $(TARGETS) $(BUILD)/tests/fuzz/mutations $(PRELOADS)

$(PRELOADS): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(OWN_CPPFLAGS) $(CPPFLAGS) -O2 -g $(WARN) -fPIC -shared -MMD -MP -o $@ $<

$(BUILD)/tests/helpers.a: $(HELPERS)
	$(call say,AR $@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# The engine's test links only with the engine and base: nothing else may be needed.
$(BUILD)/tests/unit_conv: $(filter $(BUILD)/src/base/% $(BUILD)/src/conv/%,$(OBJECTS))
$(filter-out %/unit_conv,$(UNITS)): $(filter-out %/src/app/main.o,$(OBJECTS))
$(UNITS): %: %.o $(BUILD)/tests/helpers.a
	$(call say,LD $@)
	$(Q)$(link) -o $@ $^ $(CHECK) $(LIBPNG) $(ALL_LIBS)
$(BUILD)/tests/codec_%.o: private OWN_CPPFLAGS += $(if $(LIBPNG),-DCT_TEST_LIBPNG)

# FUZZ_MAIN has a fuzz target's main(): replay.c's, or with `make fuzz`, libFuzzer's.
FUZZ_MAIN ?= $(BUILD)/tests/fuzz/replay.o
$(TARGETS): %: %.o $(FUZZ_MAIN)
	$(call say,LD $@)
	$(Q)$(link) $(FUZZ_LINK) -o $@ $^ $(ALL_LIBS)
$(BUILD)/tests/fuzz/mutations: %: %.o
	$(call say,LD $@)
	$(Q)$(link) -o $@ $^ $(ALL_LIBS)
$(TARGETS) $(BUILD)/tests/fuzz/mutations: $(FUZZ_HELP:%=$(BUILD)/tests/fuzz/%.o) \
    $(filter-out %/src/app/main.o,$(OBJECTS))

$(BUILD)/tests/tools/net_case: $(filter $(BUILD)/src/net/% $(BUILD)/onnx/%,$(OBJECTS))
$(TOOLS): %: %.o $(filter $(BUILD)/src/base/% $(BUILD)/src/conv/%,$(OBJECTS))
	$(call say,LD $@)
	$(Q)$(link) -o $@ $^ $(ALL_LIBS)

# Variants build in their own directories. They run fewer random cases, as they're slower. With -O3
# the row kernels would take minutes to compile with the sanitizers.
$(if $(findstring -fsanitize,$(CFLAGS)),$(eval ROWFLAGS := $(subst -O3,-O1,$(ROWFLAGS))))
SANITIZE = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
# At a fixed place: else each start relocates 11 MB of what UBSan knows of the sources.
ADDRESSES = CFLAGS="$(SANITIZE) -fno-pie -fsanitize=address,undefined" LDFLAGS=-no-pie
# Leaks are looked for when a process ends, which takes longer than most tests: so the unit tests of
# a program share one process there. A crash in it ends them all, and counts as a failure.
SLOW = CK_FORK=no CONVTOOL_CASES=$(or $(CONVTOOL_CASES),100)

check-asan:  ## runs the unit, command-line and fuzz tests under AddressSanitizer and UBSan
	$(SLOW) $(MAKE) BUILD=$(BUILD)/asan $(ADDRESSES) test \
	    RUNNERS='tests/cli/run $$(UNITS) tests/fuzz/replay.sh tests/net_cases.py'

check-tsan:  ## runs the tests of flow, codecs, batches and networks under ThreadSanitizer
	$(SLOW) CONVTOOL_TESTS=jobs:,net_threads: $(MAKE) BUILD=$(BUILD)/tsan test \
	    CFLAGS="$(SANITIZE) -fsanitize=thread" \
	    RUNNERS='$$(BUILD)/tests/unit_flow $$(BUILD)/tests/unit_anywhere \
	        $$(BUILD)/tests/unit_codec tests/cli/run'

# The other unit tests don't have the codecs in them.
check-stb:  ## does the same as check-asan, with PNG and JPEG through stb
	$(SLOW) $(MAKE) BUILD=$(BUILD)/stb CODECS=stb $(ADDRESSES) test \
	    RUNNERS='tests/cli/run $$(foreach u,codec flow anywhere,$$(BUILD)/tests/unit_$$u) \
	        tests/fuzz/replay.sh'

check-clang:  ## runs the unit tests, built with clang
	$(MAKE) BUILD=$(BUILD)/clang CC=clang test RUNNERS='$$(UNITS)'

# clang's libFuzzer under the same sanitizers, except UBSan in the row kernels: with it and -O3
# clang takes many minutes to compile them. With less it may not vectorise a loop that it is asked
# to, and warns.
FUZZ_SECONDS ?= 60
FUZZ_BUILD = BUILD=$(BUILD)/fuzz CC=clang \
    ROWFLAGS="-O1 -fno-sanitize=undefined -Wno-pass-failed" \
    CFLAGS="$(SANITIZE) -fsanitize=fuzzer-no-link,address,undefined"
fuzz:  ## runs each fuzz target for a minute (FUZZ_SECONDS), then 100000 mutations
	@third_party/install.sh build fuzz
	@$(MAKE) $(FUZZ_BUILD) FUZZ_MAIN= FUZZ_LINK=-fsanitize=fuzzer targets
	@$(MAKE) $(FUZZ_BUILD) $(BUILD)/fuzz/tests/fuzz/mutations
	@BUILD=$(BUILD)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run tests/fuzz/fuzz.sh

targets: $(TARGETS)

# A case takes seconds in the emulator.
# -idirafter: the headers of stb and Check are this machine's, the C library's the cross compiler's.
AARCH64 = aarch64-linux-gnu
check-aarch64:  ## runs the unit tests, built for aarch64, in qemu-user
	@third_party/install.sh build cross
	@tests/arm64-check.sh $(BUILD)/aarch64/debian
	CONVTOOL_CASES=$(or $(CONVTOOL_CASES),40) EMULATOR=qemu-aarch64 \
	    $(MAKE) BUILD=$(BUILD)/aarch64 CODECS=stb CC=$(AARCH64)-gcc AR=$(AARCH64)-ar LIBPNG= \
	    NETS=no VIEW=no LDFLAGS=-static CPPFLAGS='-idirafter /usr/include' \
	    CHECK='-L$(BUILD)/aarch64/debian/usr/lib/$(AARCH64) -pthread -lcheck -lrt -lsubunit' \
	    test RUNNERS='$$(UNITS)'

# Not part of `make check`: some of the packages start services where systemd runs.
check-cluster:  ## runs samples/cluster with Slurm and GNU parallel, on a cluster of this machine
	@third_party/install.sh build cluster
	+@$(QUIETLY) all
	@BUILD=$(BUILD) tests/run tests/cluster.sh

check-large: $(BUILD)/tests/large/png  ## tests images over 4 GiB, through pipes (needs ISA-L)
	@BUILD=$(BUILD) tests/run $<

$(BUILD)/tests/large/png: %: %.o $(filter-out %/src/app/main.o,$(OBJECTS))
	$(call say,LD $@)
	$(Q)$(link) -o $@ $^ $(ALL_LIBS)

ONLY ?=
BENCH_NAMES = launch decode recode
BENCHES = $(BENCH_NAMES:%=$(BUILD)/tests/bench/%)
bench: all  ## compares speed and memory with other programs; ONLY=WORD picks rows
	@third_party/install.sh build bench
	@$(MAKE) $(BENCHES)
	@$(MAKE) BUILD=$(BUILD)/pic CFLAGS='$(CFLAGS) -fPIC -fvisibility=hidden' \
	    $(BUILD)/pic/engine.so
	@BUILD=$(BUILD) tests/bench/run $(ONLY)

CODEC_OBJECTS = $(filter $(BUILD)/src/base/% $(BUILD)/src/codec/% $(BUILD)/third_party/%,$(OBJECTS))
$(BENCHES): %: %.o $(CODEC_OBJECTS)
	$(call say,LD $@)
	$(Q)$(link) -o $@ $^ $(ALL_LIBS)

# The engine as a shared object, which Python loads; built in a directory of its own. The archive of
# protobuf-c isn't made for that.
$(BUILD)/engine.so: $(patsubst %,$(BUILD)/tests/bench/%.o,engine networks runtime) \
    $(filter-out %/src/app/main.o,$(OBJECTS))
	$(call say,LD $@)
	$(Q)$(link) -shared -o $@ $^ $(ALL_LIBS:%/libprotobuf-c.a=-lprotobuf-c)

FORMATTED = $(wildcard src/*/*.[ch] src/*/*/*.[ch] src/*/*/*.inc tests/*.[ch] tests/*/*.[ch] \
    third_party/*.[ch] samples/*.c)
format:  ## formats the C files
	$(Q)clang-format -i $(FORMATTED)

lint:  ## checks the format of the C files, the man page and the shell scripts
	$(Q)clang-format --dry-run -Werror $(FORMATTED)
	$(Q)mandoc -T lint -W warning man/convtool.1
	$(Q)shellcheck -x tests/run tests/*.sh tests/fuzz/*.sh third_party/*.sh src/lesson/*.sh .ci/run \
	    samples/*.sh samples/cluster/*.sh samples/networks/*.sh \
	    src/app/complete/completion.bash
