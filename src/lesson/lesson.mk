# The page, build/lesson/index.html: the engine as WebAssembly, and src/lesson's HTML, CSS and
# JavaScript, in one file. The Makefile includes this one.

WASM_CC ?= clang-19
# One level of the row kernels: their vectors of 16 bytes are SIMD128's. Strict floats, as
# everywhere.
WASM_FLAGS = --target=wasm32-wasi -O3 -msimd128 -mbulk-memory -ftls-model=local-exec \
    -fno-math-errno -fno-trapping-math
WASM_LINK = --target=wasm32-wasi -mexec-model=reactor -Wl,--fatal-warnings \
    -Wl,--gc-sections,--strip-all,-z,stack-size=4194304,--stack-first
# What else is called is found in these; what isn't called stays out. Nothing that opens files.
WASM_LIBRARY = $(filter-out src/conv/rows/rows.c src/codec/budget.c src/codec/crc.c \
    src/codec/stb%,$(wildcard src/base/*.c src/conv/*.c src/conv/*/*.c src/filter/*.c src/flow/*.c \
    src/codec/*.c src/net/*.c src/net/*/*.c)) src/app/commands/list.c src/app/run/trace.c \
    src/app/run/trace_json.c src/app/run/network_trace.c \
    $(patsubst %,src/app/call/%.c,json message catalogue layout)
WASM_OWN = $(wildcard src/lesson/*.c) $(if $(ONNX_SCHEMA),src/lesson/wasi/protobuf.c)
LESSON = $(BUILD)/lesson
WASM_OBJECTS = $(WASM_LIBRARY:%.c=$(LESSON)/%.o) $(LESSON)/src/conv/rows/rows.o \
    $(if $(ONNX_SCHEMA),$(LESSON)/onnx/onnx.pb-c.o)
WASM_OWN_OBJECTS = $(WASM_OWN:%.c=$(LESSON)/%.o)
PAGE_PARTS = $(wildcard src/lesson/page/*)

.PHONY: lesson
lesson:  ## builds build/lesson/index.html: the filters in a page, for a class
	@third_party/install.sh build lesson
	+@$(QUIETLY) $(LESSON)/index.html

# clang 19 warns of sizes that are enumerators where doubles are compared with them.
wasm_compile = $(WASM_CC) $(WASM_FLAGS) -Isrc -isystem src/lesson/wasi -D_GNU_SOURCE \
    $(if $(ONNX_SCHEMA),-DCT_HAVE_PROTOBUF -isystem $(BUILD)/onnx -isystem $(LESSON)/include) \
    $(WARN) -Wno-enum-float-conversion -MMD -MP
$(LESSON)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(wasm_compile)' | cmp -s - $@ || echo '$(wasm_compile)' >$@

$(LESSON)/%.o: %.c $(LESSON)/flags
	@mkdir -p $(@D)
	$(call say,WASM $<)
	$(Q)$(wasm_compile) -DROWS_ISA=baseline -c -o $@ $<

# Networks are read with protobuf-c's header, the C that its compiler makes of ONNX's schema, and
# our own reader of messages.
$(LESSON)/include/protobuf-c: | $(LESSON)/flags
	@mkdir -p $(@D)
	$(Q)ln -sfn "$$(dirname "$$(pkg-config --variable=includedir libprotobuf-c)/.")/protobuf-c" $@
$(LESSON)/onnx/onnx.pb-c.o: $(BUILD)/onnx/onnx.pb-c.c $(LESSON)/flags
	@mkdir -p $(@D)
	$(call say,WASM $<)
	$(Q)$(wasm_compile) -w -c -o $@ $<
$(if $(ONNX_SCHEMA),$(WASM_OWN_OBJECTS) $(WASM_OBJECTS): | $(LESSON)/include/protobuf-c \
    $(BUILD)/onnx/onnx.pb-c.c)

# Small code where speed doesn't matter: the networks that the page has are small.
$(patsubst %.c,$(LESSON)/%.o,$(wildcard src/net/*.c src/net/*/*.c src/codec/*.c src/app/*/*.c \
    src/filter/*.c src/lesson/*.c)): private WASM_FLAGS += -Os

$(LESSON)/engine.wasm: $(WASM_OWN_OBJECTS) $(WASM_OBJECTS)
	$(call say,LD $@)
	$(Q)$(WASM_CC) $(WASM_LINK) -o $@ $(WASM_OWN_OBJECTS) \
	    -Wl,--start-lib $(WASM_OBJECTS) -Wl,--end-lib

# What the page has in it: pictures, digits, and networks that read them.
NETWORKS = cnn residual attention rnn lstm
$(LESSON)/embedded.json: src/lesson/embed.sh $(wildcard samples/chelsea.png samples/coffee.jpg \
    samples/networks/digits/*.png samples/networks/digits-*.onnx) src/lesson/lesson.mk
	@mkdir -p $(@D)
	$(Q)src/lesson/embed.sh $(if $(ONNX_SCHEMA),$(NETWORKS)) >$@.new
	$(Q)mv $@.new $@

$(LESSON)/index.html: src/lesson/join.sh $(LESSON)/embedded.json $(LESSON)/engine.wasm $(PAGE_PARTS)
	$(call say,JOIN $@)
	$(Q)src/lesson/join.sh src/lesson/page $(LESSON)/embedded.json $(LESSON)/engine.wasm >$@.new
	$(Q)mv $@.new $@

-include $(WASM_OBJECTS:.o=.d) $(WASM_OWN_OBJECTS:.o=.d)
