# SPDX-License-Identifier: GPL-2.0-only
# For people. The kernel's build of the modules is in Kbuild. "make help" lists what there is.

MAKEFLAGS += --no-print-directory

LAB := tools/lab/lab
NEED := tools/lab/need
UNIT := $(MAKE) -C tools/testing/vfio_ccw

# What the targets need of Debian's packages.
LAB_PACKAGES := python3 xz-utils
BUILD_PACKAGES := $(LAB_PACKAGES) gcc-s390x-linux-gnu pahole kmod libelf1
QEMU_PACKAGES := $(BUILD_PACKAGES) qemu-system-misc libc6-dev-s390x-cross
UNIT_PACKAGES := gcc libc6-dev
STYLE_PACKAGES := $(BUILD_PACKAGES) sparse perl codespell shellcheck git

# Options for the lab's part of a target, as in make selftest ARGS='--test start'
ARGS ?=

.DEFAULT_GOAL := modules
.PHONY: modules
modules:	## build the modules (default) KERNEL=stock
	@$(NEED) $(BUILD_PACKAGES)
	@$(LAB) build --kernel $(or $(KERNEL),stock) $(ARGS)

.PHONY: build
build:	## build again for each kernel, or for one, and count warnings KERNEL=
	@$(NEED) $(BUILD_PACKAGES)
	@$(LAB) build --check $(addprefix --kernel ,$(KERNEL)) $(ARGS)

.PHONY: help
help:	## this list
	@echo 'make TARGET, where TARGET is'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile
	@echo 'and $(LAB) --help has the rest.'

.PHONY: run
run:	## show the driver at work, on an emulated disk MACHINE=hercules (or qemu)
	@$(NEED) $(QEMU_PACKAGES) $(filter hercules,$(or $(MACHINE),hercules))
	@$(LAB) demo $(or $(MACHINE),hercules) $(ARGS)

.PHONY: check
check:	## the tests that fit into half an hour, as CI does (ARGS=--all: everything)
	@$(NEED) python3
	@tools/lab/check $(ARGS)

.PHONY: style
style:	## checkpatch, sparse, W=1, shellcheck, codespell, SPDX
	@$(NEED) $(STYLE_PACKAGES)
	@$(LAB) style

.PHONY: unit
unit:	## the translator, states and status in user space
	@$(NEED) $(UNIT_PACKAGES)
	@$(UNIT) unit

.PHONY: unit-coverage
unit-coverage:	## what the unit tests cover of the translator
	@$(NEED) $(UNIT_PACKAGES)
	@$(UNIT) unit-coverage

.PHONY: fuzz
fuzz:	## generated channel programs against a reference FUZZ_RUNS=N FUZZ_SEED=N
	@$(NEED) $(UNIT_PACKAGES)
	@$(UNIT) fuzz

.PHONY: lab-check
lab-check:	## test the lab itself: what ^C leaves, a broken mirror, a wrong header
	@$(NEED) $(QEMU_PACKAGES) hercules
	@tools/lab/tests/run $(ARGS)

.PHONY: model
model:	## search the model of a device's life, with Spin
	@$(NEED) gcc make spin
	@$(UNIT) model

.PHONY: kunit
kunit:	## KUnit suites in the debug kernel, which is built if necessary
	@$(NEED) $(QEMU_PACKAGES)
	@$(LAB) kunit $(ARGS)

.PHONY: selftest
selftest:	## kselftests on an emulated machine MACHINE=qemu (or hercules) KERNEL=stock (or debug)
	@$(NEED) $(QEMU_PACKAGES) $(filter hercules,$(MACHINE))
	@$(LAB) selftest --kernel $(or $(KERNEL),stock) --machine $(or $(MACHINE),qemu) $(ARGS)

.PHONY: terminal
terminal:	## a 3270 terminal with a screen MACHINE=qemu (or hercules)
	@$(NEED) $(QEMU_PACKAGES) s3270 $(filter hercules,$(MACHINE))
	@$(LAB) terminal --machine $(or $(MACHINE),qemu) $(ARGS)

.PHONY: bench
bench:	## compare what an I/O costs with the existing driver and ours MACHINE=qemu (or hercules)
	@$(NEED) $(QEMU_PACKAGES) $(filter hercules,$(MACHINE))
	@$(LAB) bench --machine $(or $(MACHINE),qemu) $(ARGS)

.PHONY: docs
docs:	## build and check the documentation
	@$(NEED) $(LAB_PACKAGES)
	@$(LAB) docs $(ARGS)

.PHONY: link
link:	## link the driver into a kernel tree KSRC=DIR (ARGS=--undo)
	@$(NEED) python3
	@[ -n "$(KSRC)" ] || { echo 'make link: name a kernel tree with KSRC=DIR' >&2; exit 2; }
	@$(LAB) link $(ARGS) $(KSRC)

.PHONY: kernel-check
kernel-check:	## check in a kernel tree what is asked of a patch
	@$(NEED) $(BUILD_PACKAGES)
	@$(LAB) kernel-check $(ARGS)

.PHONY: deb
deb:	## Debian packages: vfio-ccw-dkms and vfio-ccw-tests
	@$(NEED) $(QEMU_PACKAGES)
	@$(LAB) deb $(ARGS)

.PHONY: tools
tools:	## try the tools that people use: driverctl, mdevctl, libvirt, versions of QEMU
	@$(NEED) $(QEMU_PACKAGES) s3270
	@$(LAB) tools $(ARGS)

.PHONY: clean
clean:	## remove builds and logs from the cache (ARGS=--all: everything)
	@$(NEED) python3
	@$(LAB) clean $(ARGS)
