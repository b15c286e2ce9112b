/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/calls/interface.h"
#include "tests/hex.h"

/* Sent and answered by Windows and Samba; the call ids are those of the captures. */
#define BIND_LSARPC                                                                  \
	"05000b03100000004800000001000000b810b8100000000001000000000001007857341234" \
	"12cdabef000123456789ab00000000045d888aeb1cc9119fe808002b10486002000000"
#define BIND_DSSETUP_XP                                                              \
	"05000b0310000000480000001d000000b810b8100000000001000000000001006a2819390c" \
	"b1d0119ba800c04fd92ef500000000045d888aeb1cc9119fe808002b10486002000000"
#define ACK_DSSETUP_XP                                                               \
	"05000c0310000000440000001d000000b810b810736c00000c005c504950455c6c73617373" \
	"0000000100000000000000045d888aeb1cc9119fe808002b10486002000000"
/* A 2000/2003 domain controller: garbage where the padding is. */
#define ACK_LSARPC_2003                                                              \
	"05000c0310000000440000000500000030163016c3e200000c005c504950455c6c73617373" \
	"00dfb30100000000000000045d888aeb1cc9119fe808002b10486002000000"
/* Windows 7 that was offered NDR64 too: three results for three offers. */
#define ACK_THREE                                                              \
	"05000c03100000007400000002000000b810b810af0d00000d005c504950455c776b" \
	"73737663000003000000020002000000000000000000000000000000000000000000" \
	"0000000033057171babe37498319b5dbef9ccc360100000003000300000000000000" \
	"0000000000000000000000000000"

static enum dcerpc_progress hear(struct dcerpc_reader *r, const char *text,
				 struct dcerpc_answer *answer)
{
	struct bytes in = unhex(text);
	enum dcerpc_progress progress = dcerpc_hear(r, in, answer);

	hex_free(in);
	return progress;
}

/* One whole exchange; the answer's stub does not outlive it. */
static enum dcerpc_progress ask(enum dcerpc_ptype asked, uint32_t call_id,
				const char *text, struct dcerpc_answer *answer)
{
	struct dcerpc_reader r = dcerpc_reader();
	enum dcerpc_progress progress;

	dcerpc_expect(&r, asked, call_id);
	progress = hear(&r, text, answer);
	answer->stub = (struct bytes){ NULL, 0 };
	dcerpc_reader_drop(&r);
	return progress;
}

static void assert_written(struct wire_out *w, const char *text)
{
	struct bytes want = unhex(text);

	assert_int_equal(wire_written(w).len, want.len);
	assert_memory_equal(wire_written(w).at, want.at, want.len);
	hex_free(want);
	wire_drop(w);
}

static void binds_are_those_of_windows(void **state)
{
	const struct dcerpc_syntax lsarpc = interface_syntax(INTERFACE_LSARPC),
				   dssetup = interface_syntax(INTERFACE_DSSETUP);
	struct wire_out w = wire_out(1000);

	(void)state;
	dcerpc_put_bind(&w, 1, 0, &lsarpc);
	assert_written(&w, BIND_LSARPC);
	dcerpc_put_bind(&w, 0x1d, 0, &dssetup);
	assert_written(&w, BIND_DSSETUP_XP);
	dcerpc_put_alter_context(&w, 2, 1, &dssetup);
	assert_written(&w, "05000e03100000004800000002000000b810b8100000000001000000"
			   "010001006a2819390cb1d0119ba800c04fd92ef500000000"
			   "045d888aeb1cc9119fe808002b10486002000000");
}

static void acks_of_windows_are_understood(void **state)
{
	struct dcerpc_answer answer = { 0 };

	(void)state;
	assert_int_equal(ask(DCERPC_BIND, 0x1d, ACK_DSSETUP_XP, &answer), DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_BOUND);
	assert_int_equal(answer.max_fragment, 4280);
	assert_int_equal(ask(DCERPC_BIND, 5, ACK_LSARPC_2003, &answer), DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_BOUND);
	assert_int_equal(answer.max_fragment, 4280); /* of 5680: never more than ours */
	assert_int_equal(ask(DCERPC_BIND, 2, ACK_THREE, &answer), DCERPC_BROKEN);
}

/* The secondary address may be of any length, also without its NUL or missing. */
static void any_secondary_address_will_do(void **state)
{
	struct dcerpc_answer answer = { 0 };

	(void)state;
	assert_int_equal(
		ask(DCERPC_BIND, 1,
		    "05000c0310000000440000000100000000080008010000000b005c504950455c"
		    "6c73617373ffffff0100eeee00000000045d888aeb1cc9119fe808002b104860"
		    "02000000",
		    &answer),
		DCERPC_WHOLE);
	assert_int_equal(answer.max_fragment, 2048);
	assert_int_equal(ask(DCERPC_BIND, 1,
			     "05000c031000000038000000010000000008000801000000000000ff"
			     "0100000000000000045d888aeb1cc9119fe808002b104860"
			     "02000000",
			     &answer),
			 DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_BOUND);
	/* "ABC" without its NUL, and a single "X". */
	assert_int_equal(
		ask(DCERPC_BIND, 1,
		    "05000c03100000003c00000001000000b810b81078563412030041424300"
		    "00000100000000000000045d888aeb1cc9119fe808002b10486002000000",
		    &answer),
		DCERPC_WHOLE);
	assert_int_equal(answer.max_fragment, 4280);
	assert_int_equal(
		ask(DCERPC_BIND, 1,
		    "05000c03100000003800000001000000b810b81078563412010058000100"
		    "000000000000045d888aeb1cc9119fe808002b10486002000000",
		    &answer),
		DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_BOUND);
}

static void refusals_are_told_apart(void **state)
{
	struct dcerpc_answer answer = { 0 };

	(void)state;
	/* Samba asked for samr over \lsarpc: an alter_context_resp, result 2, reason 1.
	 */
	assert_int_equal(ask(DCERPC_ALTER_CONTEXT, 3,
			     "05000f0310000000380000000300000000000000010000000000ffff"
			     "010000000200010000000000000000000000000000000000"
			     "00000000",
			     &answer),
			 DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_NOT_BOUND);
	assert_int_equal(answer.result, 2);
	assert_int_equal(answer.reason, 1);
	assert_int_equal(ask(DCERPC_BIND, 3,
			     "05000d03100000001500000003000000040001 0500", &answer),
			 DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_REFUSED);
	assert_int_equal(answer.reason, 4);
	assert_int_equal(ask(DCERPC_ALTER_CONTEXT, 3,
			     "0500032310000000200000000300000000000000010000001d00011c"
			     "00000000",
			     &answer),
			 DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_FAULTED);
	assert_int_equal(answer.fault_status, 0x1c01001d);
	assert_true(answer.did_not_execute);
}

/* An alter context's own sizes mean nothing; those of the bind go on. */
static void the_fragment_size_is_the_bind_s(void **state)
{
	struct dcerpc_reader r = dcerpc_reader();
	struct dcerpc_answer answer = { 0 };

	(void)state;
	dcerpc_expect(&r, DCERPC_BIND, 1);
	assert_int_equal(hear(&r,
			      "05000c0310000000380000000100000000080008010000000000"
			      "ffff0100000000000000045d888aeb1cc9119fe808002b104860"
			      "02000000",
			      &answer),
			 DCERPC_WHOLE);
	dcerpc_expect(&r, DCERPC_ALTER_CONTEXT, 2);
	assert_int_equal(hear(&r,
			      "05000f0310000000380000000200000000000000010000000000"
			      "ffff0100000000000000045d888aeb1cc9119fe808002b104860"
			      "02000000",
			      &answer),
			 DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_BOUND);
	assert_int_equal(answer.max_fragment, 2048);
	dcerpc_reader_drop(&r);
}

static void malformed_acks_are_refused(void **state)
{
	static const char *const bad[] = {
		/* A transfer syntax that was not offered (NDR64). */
		"05000c0310000000380000000100000000080008010000000000ffff01000000000000"
		"0033057171babe37498319b5dbef9ccc3601000000",
		/* NDR32 in version 1. */
		"05000c0310000000380000000100000000080008010000000000ffff01000000000000"
		"00045d888aeb1cc9119fe808002b10486001000000",
		/* No result, two results. */
		"05000c0310000000380000000100000000080008010000000000ffff00000000000000"
		"00045d888aeb1cc9119fe808002b10486002000000",
		"05000c0310000000380000000100000000080008010000000000ffff02000000000000"
		"00045d888aeb1cc9119fe808002b10486002000000",
		/* A secondary address beyond the PDU. */
		"05000c031000000038000000010000000008000801000000ffffffff01000000000000"
		"00045d888aeb1cc9119fe808002b10486002000000",
		/* Fragments of 16 bytes. */
		"05000c0310000000380000000100000010001000010000000000ffff01000000000000"
		"00045d888aeb1cc9119fe808002b10486002000000",
		/* Twelve bytes too many. */
		"05000c0310000000440000000100000000080008010000000000ffff01000000000000"
		"00045d888aeb1cc9119fe808002b10486002000000000000000000000000000000",
		/* An alter_context_resp, a response, a shutdown. */
		"05000f0310000000380000000100000000080008010000000000ffff01000000000000"
		"00045d888aeb1cc9119fe808002b10486002000000",
		"05000203100000001c000000010000000400000000000000deadbeef",
		"05001103100000001000000001000000",
	};
	struct dcerpc_answer answer = { .reason = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(ask(DCERPC_BIND, 1, bad[i], &answer), DCERPC_BROKEN);
	assert_int_equal(answer.reason, 77); /* untouched on failure */
}

#define RESPONSE(flags, length, call, stub) \
	"050002" flags "10000000" length "0000" call "0000000000000000" stub

static void headers_are_held_against_the_call(void **state)
{
	static const char *const bad[] = {
		"04000203100000001c000000010000000000000000000000deadbeef",
		"05020203100000001c000000010000000000000000000000deadbeef",
		"05000203000000001c000000010000000000000000000000deadbeef",
		"05000203100000000f000000010000000000000000000000deadbeef",
		"05000203100000001c000800010000000000000000000000deadbeef",
		"05000203100000001c000000020000000000000000000000deadbeef",
		"05000203100000001700000001000000 00000000000000",
		"05000203100000001c000000010000000000000000000000deadbeef00",
	};
	struct dcerpc_answer answer = { 0 };

	(void)state;
	assert_int_equal(ask(DCERPC_REQUEST, 1,
			     RESPONSE("03", "1c00", "01000000", "deadbeef"), &answer),
			 DCERPC_WHOLE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(ask(DCERPC_REQUEST, 1, bad[i], &answer), DCERPC_BROKEN);
}

/* A header that is wrong is refused before the body it announces is waited for. */
static void a_bad_header_is_refused_at_once(void **state)
{
	struct dcerpc_answer answer = { 0 };

	(void)state;
	assert_int_equal(
		ask(DCERPC_REQUEST, 1, "0500020310000000ffff000002000000", &answer),
		DCERPC_BROKEN);
	assert_int_equal(
		ask(DCERPC_REQUEST, 1, "0500020310000000ffff000001000000", &answer),
		DCERPC_MORE);
}

static void fragments_come_together_however_they_are_cut(void **state)
{
	struct bytes in = unhex(RESPONSE("01", "1b00", "07000000", "616263")
					RESPONSE("00", "1900", "07000000", "64") RESPONSE(
						"02", "1a00", "07000000", "6566"));

	(void)state;
	for (size_t step = 1; step <= in.len; step++) {
		struct dcerpc_reader r = dcerpc_reader();
		struct dcerpc_answer answer = { 0 };

		dcerpc_expect(&r, DCERPC_REQUEST, 7);
		for (size_t at = 0; at < in.len; at += step) {
			size_t len = in.len - at < step ? in.len - at : step;
			struct bytes piece = hex_cut((struct bytes){ in.at + at, len },
						     len);

			assert_int_equal(dcerpc_hear(&r, piece, &answer),
					 at + len < in.len ? DCERPC_MORE : DCERPC_WHOLE);
			hex_free(piece);
		}
		assert_int_equal(answer.kind, DCERPC_ANSWERED);
		assert_int_equal(answer.stub.len, 6);
		assert_memory_equal(answer.stub.at, "abcdef", 6);
		dcerpc_reader_drop(&r);
	}
	hex_free(in);
}

static void fragments_out_of_order_are_refused(void **state)
{
	struct dcerpc_answer answer = { 0 };

	(void)state;
	/* Not the first one first. */
	assert_int_equal(
		ask(DCERPC_REQUEST, 7, RESPONSE("02", "1900", "07000000", "61"), &answer),
		DCERPC_BROKEN);
	/* The first one twice. */
	assert_int_equal(ask(DCERPC_REQUEST, 7,
			     RESPONSE("01", "1900", "07000000", "61")
				     RESPONSE("03", "1900", "07000000", "62"),
			     &answer),
			 DCERPC_BROKEN);
	/* A fault may end what a response began. */
	assert_int_equal(ask(DCERPC_REQUEST, 7,
			     RESPONSE("01", "1900", "07000000",
				      "61") "0500030310000000200000000700000020000000"
					    "00000000f706000000000000",
			     &answer),
			 DCERPC_WHOLE);
	assert_int_equal(answer.kind, DCERPC_FAULTED);
	assert_int_equal(answer.fault_status, 0x6f7);
	assert_false(answer.did_not_execute);
}

static void empty_fragments_never_go_on(void **state)
{
	struct dcerpc_answer answer = { 0 };

	(void)state;
	assert_int_equal(
		ask(DCERPC_REQUEST, 7, RESPONSE("01", "1800", "07000000", ""), &answer),
		DCERPC_BROKEN);
	assert_int_equal(
		ask(DCERPC_REQUEST, 7, RESPONSE("03", "1800", "07000000", ""), &answer),
		DCERPC_WHOLE);
}

static void an_endless_answer_hits_the_ceiling(void **state)
{
	struct dcerpc_reader r = dcerpc_reader();
	struct dcerpc_answer answer = { 0 };
	struct wire_out pdu = wire_out(1 << 16);
	struct bytes header = unhex(RESPONSE("00", "f0ff", "07000000", ""));
	enum dcerpc_progress progress = DCERPC_MORE;
	size_t heard = 0;

	(void)state;
	put_bytes(&pdu, header.at, header.len);
	put_zeros(&pdu, 0xfff0 - header.len);
	pdu.at[3] = 0x01; /* first */
	dcerpc_expect(&r, DCERPC_REQUEST, 7);
	while (progress == DCERPC_MORE && heard < 100 * DCERPC_STUB_MAX) {
		progress = dcerpc_hear(&r, wire_written(&pdu), &answer);
		heard += pdu.len;
		pdu.at[3] = 0x00;
	}
	assert_int_equal(progress, DCERPC_BROKEN);
	assert_string_equal(dcerpc_why(&r), "an answer that is too long");
	assert_in_range(heard, DCERPC_STUB_MAX, DCERPC_STUB_MAX + 2 * 0xffff);
	assert_int_equal(dcerpc_hear(&r, wire_written(&pdu), &answer), DCERPC_BROKEN);
	dcerpc_reader_drop(&r);
	wire_drop(&pdu);
	hex_free(header);
}

/* However small they are: each costs a round trip. */
static void endless_fragments_come_to_an_end(void **state)
{
	struct dcerpc_reader r = dcerpc_reader();
	struct dcerpc_answer answer = { 0 };
	struct bytes one = unhex(RESPONSE("00", "2000", "07000000", "0102030405060708"));
	enum dcerpc_progress progress = DCERPC_MORE;
	unsigned heard = 0;

	(void)state;
	((uint8_t *)one.at)[3] = 0x01; /* first */
	dcerpc_expect(&r, DCERPC_REQUEST, 7);
	while (progress == DCERPC_MORE && heard < 2 * DCERPC_FRAGMENTS_MAX) {
		progress = dcerpc_hear(&r, one, &answer);
		heard++;
		((uint8_t *)one.at)[3] = 0x00;
	}
	assert_int_equal(progress, DCERPC_BROKEN);
	assert_string_equal(dcerpc_why(&r), "an answer in too many fragments");
	assert_int_equal(heard, DCERPC_FRAGMENTS_MAX + 1);
	dcerpc_reader_drop(&r);
	hex_free(one);
}

static void a_second_answer_is_refused(void **state)
{
	struct dcerpc_reader r = dcerpc_reader();
	struct dcerpc_answer answer = { 0 };

	(void)state;
	dcerpc_expect(&r, DCERPC_REQUEST, 7);
	assert_int_equal(hear(&r, RESPONSE("03", "1900", "07000000", "61"), &answer),
			 DCERPC_WHOLE);
	assert_int_equal(hear(&r, RESPONSE("03", "1900", "07000000", "62"), &answer),
			 DCERPC_BROKEN);
	dcerpc_expect(&r, DCERPC_REQUEST, 8);
	assert_int_equal(hear(&r, RESPONSE("03", "1900", "08000000", "63"), &answer),
			 DCERPC_WHOLE);
	assert_int_equal(answer.stub.at[0], 0x63);
	dcerpc_reader_drop(&r);
}

static void a_small_request_is_one_pdu(void **state)
{
	struct wire_out w = wire_out(1000);
	struct dcerpc_request request = {
		.call_id = 9,
		.context_id = 1,
		.opnum = 44,
		.max_fragment = 4280,
		.stub = { (const uint8_t *)"\1\0", 2 },
	};

	(void)state;
	assert_true(dcerpc_put_request(&w, &request));
	assert_written(&w, "05000003100000001a0000000900000002000000 01002c00 0100");
	request = (struct dcerpc_request){ .call_id = 9 };
	assert_true(dcerpc_put_request(&w, &request)); /* an empty stub is a call too */
	assert_int_equal(w.len, 24);
	wire_drop(&w);
}

/* What a server of 2048 bytes is sent: pieces of at most 2048, cut at multiples of 8. */
static void a_large_request_is_cut(void **state)
{
	enum { STUB = 5000 };
	struct wire_out w = wire_out(10000), joined = wire_out(10000);
	uint8_t stub[STUB];
	struct dcerpc_request request = {
		.call_id = 9,
		.opnum = 57,
		.max_fragment = 2048,
		.stub = { stub, STUB },
	};
	size_t pdus = 0;
	bool last = false;

	(void)state;
	for (size_t i = 0; i < STUB; i++)
		stub[i] = (uint8_t)(i * 7 >> 3);
	while (!last) {
		struct wire_in in;
		size_t sent = request.sent;

		wire_reset(&w);
		last = dcerpc_put_request(&w, &request);
		assert_true(w.len <= 2048);
		assert_true(last || (w.len - 24) % 8 == 0);
		in = wire_in(w.at, w.len);
		get_skip(&in, 3);
		assert_int_equal(get_u8(&in), (pdus == 0 ? 1 : 0) | (last ? 2 : 0));
		get_skip(&in, 4);
		assert_int_equal(get_u16le(&in), w.len);
		get_skip(&in, 6);
		assert_int_equal(get_u32le(&in), STUB - sent); /* alloc_hint */
		get_skip(&in, 2);
		assert_int_equal(get_u16le(&in), 57);
		put_bytes(&joined, in.at, in.left);
		pdus++;
	}
	assert_int_equal(pdus, 3);
	assert_int_equal(joined.len, STUB);
	assert_memory_equal(joined.at, stub, STUB);
	wire_drop(&joined);
	wire_drop(&w);
}

/* Exactly full, and one byte more. */
static void the_cut_is_where_it_is_full(void **state)
{
	static const uint8_t stub[2048 - 24 + 1];
	struct wire_out w = wire_out(10000);
	struct dcerpc_request request = {
		.max_fragment = 2048,
		.stub = { stub, sizeof(stub) - 1 },
	};

	(void)state;
	assert_true(dcerpc_put_request(&w, &request));
	assert_int_equal(w.len, 2048);
	wire_reset(&w);
	request.sent = 0;
	request.stub.len = sizeof(stub);
	assert_false(dcerpc_put_request(&w, &request));
	assert_int_equal(w.len, 2048);
	wire_reset(&w);
	assert_true(dcerpc_put_request(&w, &request));
	assert_int_equal(w.len, 25);
	wire_drop(&w);
}

static void every_cut_of_an_ack_is_only_more(void **state)
{
	struct bytes whole = unhex(ACK_DSSETUP_XP);

	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct dcerpc_reader r = dcerpc_reader();
		struct dcerpc_answer answer = { .reason = 77 };
		struct bytes cut = hex_cut(whole, len);

		dcerpc_expect(&r, DCERPC_BIND, 0x1d);
		assert_int_equal(dcerpc_hear(&r, cut, &answer), DCERPC_MORE);
		assert_int_equal(answer.reason, 77);
		hex_free(cut);
		dcerpc_reader_drop(&r);
	}
	hex_free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binds_are_those_of_windows),
		cmocka_unit_test(acks_of_windows_are_understood),
		cmocka_unit_test(any_secondary_address_will_do),
		cmocka_unit_test(refusals_are_told_apart),
		cmocka_unit_test(the_fragment_size_is_the_bind_s),
		cmocka_unit_test(malformed_acks_are_refused),
		cmocka_unit_test(headers_are_held_against_the_call),
		cmocka_unit_test(a_bad_header_is_refused_at_once),
		cmocka_unit_test(fragments_come_together_however_they_are_cut),
		cmocka_unit_test(fragments_out_of_order_are_refused),
		cmocka_unit_test(empty_fragments_never_go_on),
		cmocka_unit_test(an_endless_answer_hits_the_ceiling),
		cmocka_unit_test(endless_fragments_come_to_an_end),
		cmocka_unit_test(a_second_answer_is_refused),
		cmocka_unit_test(a_small_request_is_one_pdu),
		cmocka_unit_test(a_large_request_is_cut),
		cmocka_unit_test(the_cut_is_where_it_is_full),
		cmocka_unit_test(every_cut_of_an_ack_is_only_more),
	};

	return cmocka_run_group_tests_name("dcerpc", tests, NULL, NULL);
}
