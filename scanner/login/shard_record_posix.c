/* SPDX-License-Identifier: Apache-2.0 */
/* One file an account: its locks and its record. */
#include "scanner/login/shard_record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "report/files/output_path.h"
#include "report/text/siphash.h"

enum { MAGIC = 0x4c535732, FINGERPRINT_BITS = 0xfff };
/* Bytes that are locked; the file need not have them. */
enum { TURN = 0, MEMBERS = 1 };
/* Another shard is alone for an instant only, while it looks at the record. */
enum { TRIES = 100, PAUSE_NS = 20 * 1000 * 1000 };
/* One that is being written may be read in part. */
enum { REREADS = 3 };

/* As it stands in the file. */
struct record {
	uint32_t magic, size;
	struct siphash_key salt;
	int64_t written; /* seconds since 1970 */
	uint32_t author;
	uint32_t fingerprint;
	struct guard_standing known;
	uint32_t unused;
	struct shard_place place;
	uint64_t checksum; /* of all before, by `salt` */
};

_Static_assert(sizeof(struct shard_place) == 256 && sizeof(struct record) == 336,
	       "the record has no holes");

struct shard_record {
	int fd;
	uint32_t part;
	uint32_t fingerprint;
	struct record read; /* the latest; its salt is ours */
	char path[PATH_MAX];
};

/* ---- locks ---- */

/* 0, or errno; EAGAIN: another process has it. */
static int lock(int fd, short type, int byte)
{
	struct flock range = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1
	};

	if (fcntl(fd, F_SETLK, &range) == 0)
		return 0;
	return errno == EACCES ? EAGAIN : errno;
}

static void pause_a_little(void)
{
	nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
}

/* Alone, or one of several; 0 or errno. */
static int join(int fd, bool *alone)
{
	int error = EAGAIN;

	for (int i = 0; i < TRIES && error == EAGAIN; i++) {
		if (i)
			pause_a_little();
		error = lock(fd, F_WRLCK, MEMBERS);
		*alone = error == 0;
		if (error == EAGAIN)
			error = lock(fd, F_RDLCK, MEMBERS);
	}
	return error;
}

/* ---- the record ---- */

static uint64_t checksum(const struct record *r)
{
	return siphash(&r->salt, r, offsetof(struct record, checksum));
}

static bool read_record(int fd, struct record *r)
{
	return pread(fd, r, sizeof *r, 0) == (ssize_t)sizeof *r && r->magic == MAGIC &&
	       r->size == sizeof *r && r->checksum == checksum(r);
}

static bool write_record(int fd, struct record *r)
{
	r->magic = MAGIC;
	r->size = sizeof *r;
	r->written = (int64_t)time(NULL);
	r->checksum = checksum(r);
	return pwrite(fd, r, sizeof *r, 0) == (ssize_t)sizeof *r;
}

static bool is_old(const struct record *r)
{
	int64_t age = (int64_t)time(NULL) - r->written;

	return age > SHARD_RECORD_LIFE_S || age < -SHARD_RECORD_LIFE_S;
}

/* What of it holds for us. */
static struct guard_standing standing_of(const struct shard_record *r,
					 const struct record *read)
{
	bool ours = read->fingerprint == r->fingerprint &&
		    memcmp(&read->salt, &r->read.salt, sizeof read->salt) == 0;

	if (read->known.proven)
		return read->known;
	return ours && !is_old(read) ? read->known : (struct guard_standing){ 0 };
}

/* ---- the file ---- */

/* Who can write it can say that a password was accepted. */
static bool is_ours(const char *path, int fd, const char *folder, char *why,
		    size_t why_size)
{
	struct stat st, around;
	const char *wrong = NULL;

	if (fstat(fd, &st) != 0 || stat(folder, &around) != 0)
		wrong = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		wrong = "not a regular file";
	else if (st.st_uid != geteuid() && st.st_uid != 0 && st.st_uid != around.st_uid)
		wrong = "a file of another user; expected you, root or the folder's "
			"owner";
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		wrong = "others may write to it; expected mode 0600";
	else if (st.st_nlink > 1)
		wrong = "a file with another name (hard link); expected none";
	if (wrong)
		snprintf(why, why_size, "%s: %s", path, wrong);
	return !wrong;
}

static int open_file(const char *path, const char *folder, char *why, size_t why_size)
{
	int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, fd;

	if (!output_path_is_ours(path, why, why_size))
		return -1;
	fd = open(path, flags, 0600);
	if (fd < 0) {
		snprintf(why, why_size, "%s: %s", path,
			 errno == ELOOP ? "is a symbolic link, which is not followed"
					: strerror(errno));
	} else if (!is_ours(path, fd, folder, why, why_size)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Who is alone begins: a proof of those before is not believed. */
static bool begin(struct shard_record *r, bool alone)
{
	bool good = read_record(r->fd, &r->read);

	for (int i = 0; i < REREADS && !good && !alone; i++) {
		pause_a_little();
		good = read_record(r->fd, &r->read);
	}
	if (!good) {
		r->read = (struct record){ .author = r->part };
		if (!siphash_draw_key(&r->read.salt))
			return false;
	}
	if (!alone || (good && !r->read.known.proven))
		return true;
	r->read.known = (struct guard_standing){ 0 };
	r->read.place = (struct shard_place){ 0 };
	r->read.fingerprint = 0;
	return write_record(r->fd, &r->read);
}

/* ---- the secret, as 12 bits ---- */

enum { SECRET_MAX = 64 * 1024 };

static uint32_t fingerprint(const struct siphash_key *salt, const void *secret,
			    size_t len)
{
	return (uint32_t)siphash(salt, secret, len) & FINGERPRINT_BITS;
}

/* A copy of a keytab is the same keytab. */
static uint32_t keytab_fingerprint(const struct siphash_key *salt, const char *path)
{
	char *secret = malloc(SECRET_MAX);
	FILE *file = fopen(strncmp(path, "FILE:", 5) == 0 ? path + 5 : path, "rbe");
	size_t len = 0;
	uint32_t f;

	if (secret && file)
		len = fread(secret, 1, SECRET_MAX, file);
	if (file)
		fclose(file);
	f = fingerprint(salt, secret, len);
	if (secret)
		explicit_bzero(secret, SECRET_MAX);
	free(secret);
	return f;
}

static uint32_t member_fingerprint(const struct siphash_key *salt,
				   const struct shard_member *m)
{
	if (m->keytab)
		return keytab_fingerprint(salt, m->keytab);
	return m->password ? fingerprint(salt, m->password, strlen(m->password)) : 0;
}

/* ---- open, take, give ---- */

static int join_and_begin(struct shard_record *r)
{
	bool alone = false;
	int error = join(r->fd, &alone);

	if (!error && !begin(r, alone))
		error = EIO;
	if (!error && alone)
		error = lock(r->fd, F_RDLCK, MEMBERS);
	return error;
}

enum shard_opening shard_record_open(struct shard_record **record,
				     const struct shard_member *m, char *why,
				     size_t why_size)
{
	struct shard_record *r = calloc(1, sizeof *r);
	int error;

	*record = NULL;
	if (!r) {
		snprintf(why, why_size, "out of memory");
		return SHARD_REFUSED;
	}
	r->part = m->part;
	snprintf(r->path, sizeof r->path, "%s/lsasweep-shards-%016llx.lock", m->folder,
		 (unsigned long long)m->account);
	r->fd = open_file(r->path, m->folder, why, why_size);
	if (r->fd < 0) {
		free(r);
		return SHARD_REFUSED;
	}
	error = join_and_begin(r);
	if (error) {
		snprintf(why, why_size, "%s: no lock: %s", r->path, strerror(error));
		shard_record_close(r);
		return SHARD_UNLOCKED;
	}
	r->fingerprint = member_fingerprint(&r->read.salt, m);
	*record = r;
	return SHARD_OPENED;
}

const char *shard_record_path(const struct shard_record *r)
{
	return r->path;
}

enum shard_turn shard_record_take(struct shard_record *r, struct guard_standing *known)
{
	int error = lock(r->fd, F_WRLCK, TURN);
	struct record read;

	*known = (struct guard_standing){ 0 };
	r->read.place = (struct shard_place){ 0 };
	if (error)
		return error == EAGAIN ? SHARD_TURN_TAKEN : SHARD_TURN_FAILED;
	if (read_record(r->fd, &read)) {
		*known = standing_of(r, &read);
		r->read.author = read.author;
		if (known->proven)
			r->read.place = read.place;
		r->read.place.name[SHARD_PLACE_NAME_MAX] = '\0';
	}
	return SHARD_TURN_OURS;
}

bool shard_record_give(struct shard_record *r, const struct guard_standing *known)
{
	bool good = true;

	if (known) {
		r->read.known = *known;
		r->read.author = r->part;
		r->read.fingerprint = known->proven ? 0 : r->fingerprint;
		if (!known->proven)
			r->read.place = (struct shard_place){ 0 };
		good = write_record(r->fd, &r->read);
	}
	lock(r->fd, F_UNLCK, TURN);
	return good;
}

uint32_t shard_record_author(const struct shard_record *r)
{
	return r->read.author;
}

const struct shard_place *shard_record_place(const struct shard_record *r)
{
	return &r->read.place;
}

void shard_record_set_place(struct shard_record *r, const char *name, uint16_t port)
{
	struct shard_place *place = &r->read.place;
	size_t len = strlen(name);

	*place = (struct shard_place){ 0 };
	if (len > SHARD_PLACE_NAME_MAX)
		return;
	memcpy(place->name, name, len);
	place->port = port;
}

void shard_record_close(struct shard_record *r)
{
	if (!r)
		return;
	close(r->fd);
	free(r);
}
