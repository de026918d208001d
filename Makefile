# Thin over CMakePresets.json. `make demo` asks a photo a question, `make test` runs every test.
PRESET ?= release
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
# INSTALL=no leaves the system's packages alone.
INSTALL ?= yes

# Where `make install` puts it; packagers give DESTDIR as well.
PREFIX ?= /usr/local

MODEL ?= models/beholder
PHOTO ?= samples/astronaut.jpg
QUESTION ?= how many people are there?

BUILD := build/$(PRESET)

.PHONY: all demo test dependencies configure program install uninstall format clean

all: program

demo: dependencies
	@$(MAKE) --no-print-directory program
	./beholder ask --model "$(MODEL)" "$(PHOTO)" "$(QUESTION)"

test: EXTRAS := --python
test: dependencies
	@$(MAKE) --no-print-directory configure
	cmake --build --preset $(PRESET) --parallel $(JOBS)
	@ln -sfn $(BUILD)/beholder beholder
	ctest --preset $(PRESET) --output-on-failure --output-junit junit.xml

dependencies:
ifneq ($(INSTALL),no)
	@sh tools/install_dependencies.sh $(EXTRAS)
endif

configure:
	cmake --preset $(PRESET)

# Only what is installed: the tests take longer to build than the engine.
program: configure
	cmake --build --preset $(PRESET) --parallel $(JOBS) --target beholder beholder_shared
	@ln -sfn $(BUILD)/beholder beholder

# Leaves a list of what it wrote for `make uninstall`. DESTDIR reaches cmake through the environment.
install: program
	DESTDIR="$(DESTDIR)" cmake --install $(BUILD) --prefix "$(PREFIX)"
	@cp $(BUILD)/install_manifest.txt $(BUILD)/installed.txt

uninstall:
	@sh tools/uninstall.sh "$(BUILD)/installed.txt" "$(DESTDIR)"

format:
	clang-format -i $$(git ls-files '*.cpp' '*.hpp' '*.h')

clean:
	rm -rf $(BUILD) beholder
