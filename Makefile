# The README's commands. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash

# Debian packages: to build and run; to run against virtual devices as well; to pass the tests as well.
BUILD_PACKAGES := git binutils pkg-config libcurl4-openssl-dev libnl-genl-3-dev libssl-dev zlib1g-dev libpulse-dev libv4l-dev ca-certificates
RIG_PACKAGES := $(BUILD_PACKAGES) libfuse3-dev fuse3 libjpeg-dev pulseaudio pulseaudio-utils espeak-ng
TEST_PACKAGES := $(RIG_PACKAGES) pipewire pipewire-pulse wireplumber dbus xdg-desktop-portal openssl gzip python3 python3-jsonschema iproute2 iputils-ping util-linux
# Another level meter; a virtual machine with the kernel's own drivers, and an access point for its radios.
TEST_PACKAGES += hostapd iw sox qemu-system-x86 busybox-static lz4 xz-utils make gcc-12 alsa-utils v4l-utils
# Two browsers with a certificate store, a relay for their test call, and letters for their pages.
TEST_PACKAGES += chromium firefox-esr libnss3-tools coturn fonts-dejavu-core python3-venv
# Other people's programs against our server: those of PyPI are in .build/peers.
TEST_PACKAGES += curl python3-scapy
# A clock that can be set while a program runs.
TEST_PACKAGES += faketime
# A sound server with Bluetooth, and what the mock of its service is written in.
TEST_PACKAGES += pulseaudio-module-bluetooth python3-dbus python3-gi
# Node.js runs the browser's engine; any installed one will do.
TEST_PACKAGES += $(if $(shell command -v node),,nodejs)

BIN := .build/release

# Installs those of $(1) that are missing, as root or through sudo.
define install
	@missing=$$(for package in $(1); do \
	    dpkg-query -W -f '$${Status}\n' $$package 2>/dev/null | grep -q '^install ok installed' || echo $$package; \
	  done); \
	if [ -n "$$missing" ]; then \
	  sudo=$$([ $$(id -u) = 0 ] || echo sudo); \
	  echo "Installing from Debian:" $$missing; \
	  $$sudo apt-get update -qq && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
	@command -v swift >/dev/null || { echo "I tried to find Swift, but it is not installed; get 6.3 or newer from swift.org."; exit 69; }
endef

# All tests and the programs that they run; without a product's name whatever the dependencies offer is built too. The
# dependencies are not optimised, and nothing has debug information, which halves the building.
BUNDLE := precallPackageTests
TESTED := .build/tests
build-tests = swift build -c release --scratch-path $(TESTED) --product $(BUNDLE) \
  -Xswiftc -Onone -Xcc -O1 -debug-info-format none
# At most $(1) tests at a time. `swift test` keeps the build's database for itself, so that no other could run beside.
tests = SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(1) $(2) $(TESTED)/release/$(BUNDLE).xctest \
  --testing-library swift-testing

# Side by side, the output of each in one piece.
beside = $(MAKE) --no-print-directory --jobs=3 --output-sync=target

# Most tests wait most of the time, and many run at once. Beside them run those that wait for a minute, or one after
# the other, which would come last in a common queue. Crowds open thousands of files, by which Foundation's Process
# crashes where they come meanwhile: they are by themselves. Cameras, clocks, servers and networks that fail are held
# against the clock; the waiting room's browsers beside them take what processor time they leave. Then the pages that
# measure: two keep both cores busy, and some need a whole one. What the lines' figures are held against needs calm as
# well, and minutes: it is by itself, as is a virtual machine.
CROWDS := CrowdTests
LONG := MicrophoneBothServersTests|Watching a line|A reflector that lies|The end of a relay
LONG := $(LONG)|The ways to the relay|Measuring a line|FloodTests|InteroperationTests|SoundCommandTests
LONG := $(LONG)|ScreenWordsTests|MicrophonePipeWireTests|NameAndFamilyTests
ROOMS := EndToEndTests.Room
FAULTS := CameraFixtureTests|A clock that is set meanwhile|A server that fails in the middle
FAULTS := $(FAULTS)|FirewallTests|PortalTests|UnreachedTests|BackingOffTests|TeardownTests|UnprivilegedTests
LINES := LinkLabTests.LinkLabTests|LinkVerdictTests|RehearsalTests|OutageTests|FullTests|Where a line is at fault
LINES := $(LINES)|What was under way when
PAGED := PrecallWebTests.Browser
ALONE := BrowserRateTests|BrowserPrivacyTests
MACHINE := CameraVMTests

.PHONY: help run demo test tests-most tests-long tests-crowds tests-faults tests-rooms test-lines camera-vm lab lint bench fuzz clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, build, and check this computer against a server on it
	$(call install,$(BUILD_PACKAGES))
	swift build -c release --product precall-server
	swift build -c release --product precall-test
	$(BIN)/precall-test --local || [ $$? -le 3 ]

demo: ## The same with a virtual microphone and camera: a complete green run
	$(call install,$(RIG_PACKAGES))
	swift build -c release --product precall-server
	swift build -c release --product precall-test
	swift build -c release --product virtual-devices
	$(BIN)/virtual-devices $(BIN)/precall-test --local || [ $$? -le 3 ]

test: ## Install what is missing and run the tests, without test-lines and camera-vm
	$(call install,$(TEST_PACKAGES))
	@$(MAKE) --no-print-directory .build/axe .build/peers .build/nginx
	$(build-tests)
	@$(beside) tests-most tests-long tests-crowds
	@$(beside) tests-faults tests-rooms
	$(call tests,2) --filter '$(PAGED)' --skip '$(ALONE)'
	$(call tests,1) --filter '$(ALONE)'

tests-most:
	$(call tests,8) --skip '$(CROWDS)|$(LONG)|$(ROOMS)|$(FAULTS)|$(LINES)|$(PAGED)|$(MACHINE)'

tests-long:
	$(call tests,5) --filter '$(LONG)'

tests-crowds:
	$(call tests,1) --filter '$(CROWDS)'

tests-faults:
	$(call tests,6) --filter '$(FAULTS)'

tests-rooms:
	$(call tests,2,nice -n 19) --filter '$(ROOMS)'

test-lines: ## What is measured and said of each line of the lab, against what the line does
	$(call install,$(TEST_PACKAGES))
	$(build-tests)
	$(call tests,3) --filter '$(LINES)'

# A virtual environment of its own with $(1) from PyPI.
define venv
	@echo "Installing from PyPI:" $(1)
	@/usr/bin/python3 -m venv $@ && $@/bin/pip install --quiet --disable-pip-version-check $(1) || { rm -rf $@; exit 1; }
endef

# axe-core looks at pages as assistive technology does; the whole of it is in a package of PyPI.
.build/axe:
	$(call venv,axe-core-python==0.1.0)

# Clients of others' speed tests.
.build/peers:
	$(call venv,cfspeed==1.0.3 cloudflarepycli==2.0.2)

# A reverse proxy from Debian, unpacked beside the build: installed, it would begin to serve this computer's port 80.
.build/nginx:
	@echo "Unpacking from Debian: nginx"
	@mkdir -p $@; sudo=$$([ $$(id -u) = 0 ] || echo sudo); \
	download="apt-get -o APT::Sandbox::User=root download -qq nginx"; \
	(cd $@ && { $$download 2>/dev/null || { $$sudo apt-get update -qq && $$download; }; } && dpkg -x nginx_*.deb .) \
	  || { rm -rf $@; exit 1; }

LINK ?= dsl-3
lab: ## Run the real programs across a line of Fixtures/links (LINK=dsl-3), truth beside measured
	$(call install,$(TEST_PACKAGES))
	swift build -c release --product precall-server
	swift build -c release --product precall-test
	swift build -c release --product link-lab
	@folder=$$(mktemp -d); trap 'rm -rf $$folder' EXIT; \
	$(BIN)/link-lab $(LINK) --compare $$folder/report --samples $$folder/samples --wait-port 8080 \
	  --server '$(BIN)/precall-server --host 10.98.0.1 --port 8080 >/dev/null' -- \
	  $(BIN)/precall-test http://10.98.0.1:8080 --only network --format json --samples $$folder/samples \
	  -o $$folder/report || [ $$? -le 3 ]

camera-vm: ## The microphone and camera checks against the kernel's own drivers, in a virtual machine
	$(call install,$(TEST_PACKAGES))
	@Tests/Rigs/camera-vm/prepare .build/camera-vm || { status=$$?; echo "make camera-vm: nothing was tested."; exit $$status; }
	$(build-tests)
	$(call tests,2) --filter '$(MACHINE)'

lint: ## Formatting, the engine as Embedded Swift, and what each program links
	$(call install,$(TEST_PACKAGES))
	swift format lint --strict --recursive Sources Tests Package.swift
	$(build-tests)
	.ci/lint

# Other programs that measure lines; others' pages too, where they lie in PAGES (precall-bench --help).
BENCH_PACKAGES := $(TEST_PACKAGES) irtt iperf3 fping nuttcp
bench: ## How fast, how small and how true, beside the limits and other programs
	$(call install,$(BENCH_PACKAGES) $(if $(PAGES),php-cli))
	@$(MAKE) --no-print-directory .build/peers .build/nginx
	swift build -c release --product precall-test
	swift build -c release --product virtual-devices
	swift build -c release --product precall-bench
	$(BIN)/virtual-devices $(BIN)/precall-bench $(if $(PAGES),--pages '$(PAGES)')

SECONDS ?= 120
fuzz: ## Look for bytes that break a reader of them, with libFuzzer (SECONDS=120)
	$(call install,$(BUILD_PACKAGES))
	swift build -c release --product precall-server
	Tests/Fuzz/run $(SECONDS)

clean: ## Remove everything built
	rm -rf .build
