# Everything is in ./run; this is for hands that type make.
.PHONY: setup demo test check audit fix bench parity chaos spark
setup demo test check audit fix bench parity chaos spark:
	@./run $@
