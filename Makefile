# Everything is in ./run; this is for hands that type make.
.PHONY: setup demo test check fix bench parity chaos spark
setup demo test check fix bench parity chaos spark:
	@./run $@
