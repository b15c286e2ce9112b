/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - runs every file named on the command line through one fuzz target, for
 * compilers without libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(1 << 20);
	size_t size;

	if (!f || !data) {
		perror(path);
		if (f)
			fclose(f);
		free(data);
		return 1;
	}
	size = fread(data, 1, 1 << 20, f);
	fclose(f);
	/* An exact-sized copy, so that a sanitizer sees a read past the end. */
	uint8_t *exact = malloc(size ? size : 1);
	if (exact) {
		for (size_t i = 0; i < size; i++)
			exact[i] = data[i];
		LLVMFuzzerTestOneInput(exact, size);
	}
	free(exact);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	int bad = 0;

	for (int i = 1; i < argc; i++)
		bad |= replay(argv[i]);
	printf("%d inputs replayed\n", argc - 1);
	return bad;
}
