/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smb2.h - the SMB2 commands a client of pipes and of files needs: constants, plain
 * structs, codecs.
 *
 * [MS-SMB2] 2.2.  Pipes are not closed and trees not disconnected: LOGOFF frees both.
 * Field names are the specification's.  `smb2_put_X` writes the body of a request into a
 * message that already has its header and stands at the start of its writer; offsets on
 * the wire count from there.  `smb2_get_X` reads a whole answer, header first, whose
 * status carried data; false: malformed, and `*x` is untouched. Everything returned as
 * `struct bytes` is borrowed from the message.
 *
 *     smb2_frame.c      header, framing, signatures, the envelope
 *     smb2_negotiate.c  NEGOTIATE, both ways in, and FSCTL_VALIDATE_NEGOTIATE_INFO
 *     smb2_setup.c      SESSION_SETUP, LOGOFF
 *     smb2_tree.c       TREE_CONNECT
 *     pipe.c            CREATE, IOCTL, READ, WRITE
 *     file.c            CREATE, READ, CLOSE of a file
 */
#ifndef RPC_SMB2_SMB2_H
#define RPC_SMB2_SMB2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/smb2/dialect.h"
#include "rpc/wire/wire.h"

/* 2.2.1.2 */
enum smb2_command {
	SMB2_NEGOTIATE = 0,
	SMB2_SESSION_SETUP = 1,
	SMB2_LOGOFF = 2,
	SMB2_TREE_CONNECT = 3,
	SMB2_CREATE = 5,
	SMB2_CLOSE = 6,
	SMB2_READ = 8,
	SMB2_WRITE = 9,
	SMB2_IOCTL = 11,
};

enum {
	SMB2_HEADER_SIZE = 64,
	SMB2_TRANSFORM_SIZE = 52,
	SMB2_FILE_ID_SIZE = 16,
	SMB2_GUID_SIZE = 16,
	SMB2_SALT_SIZE = 32,
};

/* The first four bytes, as get_u32le reads them. */
enum { SMB1_MAGIC = 0x424D53FF, SMB2_MAGIC = 0x424D53FE, SMB2_SEALED_MAGIC = 0x424D53FD };

/* Header flags, 2.2.1.2 */
enum {
	SMB2_FLAG_RESPONSE = 0x1,
	SMB2_FLAG_ASYNC = 0x2,
	SMB2_FLAG_SIGNED = 0x8,
};

struct smb2_header {
	uint16_t credit_charge, command, credits;
	uint32_t status, flags, next_command;
	uint64_t message_id, session_id;
	uint32_t tree_id; /* 0 in the async form */
};

/* ---- NEGOTIATE, 2.2.3 and 2.2.4 ---- */

enum { SMB2_SIGNING_ENABLED = 1, SMB2_SIGNING_REQUIRED = 2 };
enum { SMB2_CAP_LARGE_MTU = 0x4, SMB2_CAP_ENCRYPTION = 0x40 };

/* The dialect revision that asks for a second, true NEGOTIATE. */
enum { SMB2_DIALECT_ANY = 0x02FF };

struct smb2_offer {
	uint16_t dialects[SMB_DIALECT_COUNT]; /* ascending */
	uint16_t dialect_count;
	uint16_t security_mode;
	uint32_t capabilities; /* 0 unless a 3.x dialect is offered */
	uint8_t client_guid[SMB2_GUID_SIZE];
	uint8_t salt[SMB2_SALT_SIZE];
	struct bytes netname; /* UTF-16LE, for the NETNAME context; may be empty */
};

struct smb2_negotiated {
	uint16_t security_mode, dialect;
	uint8_t server_guid[SMB2_GUID_SIZE];
	uint32_t capabilities, max_transact, max_read, max_write;
	uint64_t system_time;
	struct bytes token;
	uint16_t cipher;  /* 0: none; enum smb2_cipher */
	uint16_t signing; /* enum smb2_signing; CMAC where the host did not say */
};

/* Every dialect from `min` to `max` (0: no bound) and what they allow; the rest of
 * `offer` is left alone.  False when none is left. */
bool smb2_offer_dialects(struct smb2_offer *offer, uint16_t min, uint16_t max);
void smb2_put_negotiate(struct wire_out *w, const struct smb2_offer *offer);
/* The whole SMB1 message, [MS-SMB2] 3.2.4.2.1; `with_2_0_2` as offered. */
void smb2_put_multi_protocol(struct wire_out *w, bool with_2_0_2);
/* Also false: an answer to what was not offered, contexts missing or doubled. */
bool smb2_get_negotiate(struct bytes message, const struct smb2_offer *offer,
			struct smb2_negotiated *n);

/* 2.2.31.4 and 2.2.32.6: what both saw of NEGOTIATE, sent again under a signature.  Put
 * writes the input of an IOCTL; same reads its output and compares. */
void smb2_put_validate(struct wire_out *w, const struct smb2_offer *offer);
bool smb2_same_negotiation(struct bytes output, const struct smb2_negotiated *n);

/* ---- SESSION_SETUP, LOGOFF, 2.2.5 to 2.2.8 ---- */

enum { SMB2_SESSION_GUEST = 1, SMB2_SESSION_NULL = 2, SMB2_SESSION_ENCRYPT = 4 };

struct smb2_setup {
	uint16_t session_flags;
	struct bytes token;
};

/* A token of more than 65,535 bytes turns the writer bad. */
void smb2_put_setup(struct wire_out *w, uint16_t security_mode, struct bytes token);
bool smb2_get_setup(struct bytes message, struct smb2_setup *setup);
void smb2_put_logoff(struct wire_out *w);

/* ---- TREE_CONNECT, 2.2.9 and 2.2.10 ---- */

enum { SMB2_SHARE_DISK = 1, SMB2_SHARE_PIPE = 2 };
#define SMB2_SHARE_ENCRYPT 0x8000u

struct smb2_tree {
	uint8_t share_type;
	uint32_t share_flags;
};

void smb2_put_tree_connect(struct wire_out *w, struct bytes path_utf16);
bool smb2_get_tree_connect(struct bytes message, struct smb2_tree *tree);

/* ---- pipes, 2.2.13, 2.2.14, 2.2.19 to 2.2.22, 2.2.31, 2.2.32 ---- */

#define FSCTL_PIPE_TRANSCEIVE         0x0011C017u
#define FSCTL_VALIDATE_NEGOTIATE_INFO 0x00140204u

struct smb2_file {
	uint8_t id[SMB2_FILE_ID_SIZE];
};

void smb2_put_create(struct wire_out *w, struct bytes name_utf16);
bool smb2_get_create(struct bytes message, struct smb2_file *file);
void smb2_put_ioctl(struct wire_out *w, uint32_t code, const struct smb2_file *file,
		    struct bytes input, uint32_t max_output);
/* Also false: an answer to another code or of another file; `file` NULL is none. */
bool smb2_get_ioctl(struct bytes message, uint32_t code, const struct smb2_file *file,
		    struct bytes *output);
void smb2_put_read(struct wire_out *w, const struct smb2_file *file, uint32_t length);
bool smb2_get_read(struct bytes message, struct bytes *data);
void smb2_put_write(struct wire_out *w, const struct smb2_file *file, struct bytes data);
bool smb2_get_write(struct bytes message, uint32_t *count);

/* ---- files, 2.2.13 to 2.2.16, 2.2.19, 2.2.20 ---- */

enum { SMB2_ATTRIBUTE_DIRECTORY = 0x10 };

struct smb2_attributes {
	uint64_t last_write_time; /* FILETIME */
	uint64_t end_of_file;     /* bytes */
	uint32_t file_attributes;
};

struct smb2_opened {
	struct smb2_file file;
	struct smb2_attributes attributes;
};

struct smb2_closed {
	bool known; /* the server could tell the attributes */
	struct smb2_attributes attributes;
};

/* Opens for reading what is there and no directory; without DFS: `name_utf16` counts from
 * the share, separated by backslashes, with none in front. */
void smb2_put_open(struct wire_out *w, struct bytes name_utf16);
bool smb2_get_open(struct bytes message, struct smb2_opened *opened);
/* smb2_get_read() reads the answer. */
void smb2_put_read_at(struct wire_out *w, const struct smb2_file *file, uint64_t offset,
		      uint32_t length);
/* Asks for the attributes at the end (2.2.15, SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB). */
void smb2_put_close(struct wire_out *w, const struct smb2_file *file);
bool smb2_get_close(struct bytes message, struct smb2_closed *closed);

#endif
