/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntstatus.h - the status codes a scanner meets: constant, name, plain words.
 *
 * Three lists, because the number 5 means different things: NTSTATUS ([MS-ERREF] 2.3.1)
 * from SMB and LSA, Win32 errors ([MS-ERREF] 2.2) from DSSETUP, and fault statuses of
 * DCE/RPC ([C706] appendix E, [MS-RPCE] 3.3.3.5), which are Win32 errors too where they
 * are not nca_ codes.
 *
 * To add a status, add a row in the order of its value.
 */
#ifndef RPC_WIRE_NTSTATUS_H
#define RPC_WIRE_NTSTATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/fault.h"

/* clang-format off */
#define NTSTATUSES(X) \
X(STATUS_SUCCESS,                      0x00000000, "success") \
X(STATUS_PENDING,                      0x00000103, "still working on it") \
X(STATUS_MORE_ENTRIES,                 0x00000105, "more entries follow") \
X(STATUS_SOME_NOT_MAPPED,              0x00000107, "some names are not known") \
X(STATUS_NOTIFY_ENUM_DIR,              0x0000010C, "more changes than the answer can hold") \
X(STATUS_BUFFER_OVERFLOW,              0x80000005, "more data follow") \
X(STATUS_NO_MORE_FILES,                0x80000006, "no more files") \
X(STATUS_NO_MORE_ENTRIES,              0x8000001A, "no more entries") \
X(STATUS_STOPPED_ON_SYMLINK,           0x8000002D, "stopped on a symbolic link") \
X(SEC_E_INSUFFICIENT_MEMORY,           0x80090300, "the host is out of memory") \
X(SEC_E_INVALID_HANDLE,                0x80090301, "the host lost the login's context") \
X(SEC_E_UNSUPPORTED_FUNCTION,          0x80090302, "the host does not support this kind of login") \
X(SEC_E_TARGET_UNKNOWN,                0x80090303, "the host does not know the name it was given") \
X(SEC_E_INTERNAL_ERROR,                0x80090304, "internal error of the host's security provider") \
X(SEC_E_SECPKG_NOT_FOUND,              0x80090305, "the host has no such security package") \
X(SEC_E_INVALID_TOKEN,                 0x80090308, "the host could not read the login") \
X(SEC_E_LOGON_DENIED,                  0x8009030C, "the logon was denied") \
X(SEC_E_UNKNOWN_CREDENTIALS,           0x8009030D, "the host does not recognize the credential") \
X(SEC_E_NO_CREDENTIALS,                0x8009030E, "the host has no credential to compare with") \
X(SEC_E_MESSAGE_ALTERED,               0x8009030F, "the login was altered on its way") \
X(SEC_E_NO_AUTHENTICATING_AUTHORITY,   0x80090311, "the host cannot reach a domain controller") \
X(SEC_E_CONTEXT_EXPIRED,               0x80090317, "the login's context has expired") \
X(SEC_E_WRONG_PRINCIPAL,               0x80090322, "the login was made for another host") \
X(SEC_E_TIME_SKEW,                     0x80090324, "the clocks differ too much") \
X(SEC_E_BAD_BINDINGS,                  0x80090346, "the channel binding does not fit") \
X(STATUS_UNSUCCESSFUL,                 0xC0000001, "failed without a reason") \
X(STATUS_NOT_IMPLEMENTED,              0xC0000002, "not implemented") \
X(STATUS_INVALID_INFO_CLASS,           0xC0000003, "unknown information class") \
X(STATUS_INFO_LENGTH_MISMATCH,         0xC0000004, "wrong length for this information class") \
X(STATUS_INVALID_HANDLE,               0xC0000008, "the handle is not or no longer valid") \
X(STATUS_INVALID_PARAMETER,            0xC000000D, "a parameter is not valid") \
X(STATUS_NO_SUCH_FILE,                 0xC000000F, "no such file") \
X(STATUS_INVALID_DEVICE_REQUEST,       0xC0000010, "not a request for this kind of device") \
X(STATUS_END_OF_FILE,                  0xC0000011, "end of file") \
X(STATUS_MORE_PROCESSING_REQUIRED,     0xC0000016, "the logon goes on") \
X(STATUS_NO_MEMORY,                    0xC0000017, "the host is out of memory") \
X(STATUS_ACCESS_DENIED,                0xC0000022, "access denied") \
X(STATUS_BUFFER_TOO_SMALL,             0xC0000023, "the answer does not fit") \
X(STATUS_OBJECT_TYPE_MISMATCH,         0xC0000024, "wrong type of object") \
X(STATUS_OBJECT_NAME_INVALID,          0xC0000033, "the name is not valid") \
X(STATUS_OBJECT_NAME_NOT_FOUND,        0xC0000034, "there is no object of this name") \
X(STATUS_OBJECT_NAME_COLLISION,        0xC0000035, "the name exists already") \
X(STATUS_OBJECT_PATH_NOT_FOUND,        0xC000003A, "the path does not exist") \
X(STATUS_SHARING_VIOLATION,            0xC0000043, "in use by somebody else") \
X(STATUS_NO_LOGON_SERVERS,             0xC000005E, "the host cannot reach a domain controller") \
X(STATUS_NO_SUCH_LOGON_SESSION,        0xC000005F, "the logon session is gone") \
X(STATUS_NO_SUCH_PRIVILEGE,            0xC0000060, "the host does not know this right") \
X(STATUS_PRIVILEGE_NOT_HELD,           0xC0000061, "the caller lacks a privilege") \
X(STATUS_NO_SUCH_USER,                 0xC0000064, "no such user") \
X(STATUS_WRONG_PASSWORD,               0xC000006A, "wrong password") \
X(STATUS_LOGON_FAILURE,                0xC000006D, "unknown user or wrong password") \
X(STATUS_ACCOUNT_RESTRICTION,          0xC000006E, "the account is restricted (blank password, Protected Users)") \
X(STATUS_INVALID_LOGON_HOURS,          0xC000006F, "not within the account's logon hours") \
X(STATUS_INVALID_WORKSTATION,          0xC0000070, "the account may not log on from here") \
X(STATUS_PASSWORD_EXPIRED,             0xC0000071, "the password has expired") \
X(STATUS_ACCOUNT_DISABLED,             0xC0000072, "the account is disabled") \
X(STATUS_NONE_MAPPED,                  0xC0000073, "none of the names is known") \
X(STATUS_INVALID_ACL,                  0xC0000077, "the access control list is not valid") \
X(STATUS_INVALID_SID,                  0xC0000078, "the SID is not valid") \
X(STATUS_INVALID_SECURITY_DESCR,       0xC0000079, "the security descriptor is not valid") \
X(STATUS_PROCEDURE_NOT_FOUND,          0xC000007A, "no such procedure") \
X(STATUS_DISK_FULL,                    0xC000007F, "the disk is full") \
X(STATUS_INSUFFICIENT_RESOURCES,       0xC000009A, "the host is out of resources") \
X(STATUS_MEDIA_WRITE_PROTECTED,        0xC00000A2, "write-protected") \
X(STATUS_INSTANCE_NOT_AVAILABLE,       0xC00000AB, "no instance of the pipe is free") \
X(STATUS_PIPE_NOT_AVAILABLE,           0xC00000AC, "the pipe is not free") \
X(STATUS_INVALID_PIPE_STATE,           0xC00000AD, "the pipe is in another state") \
X(STATUS_PIPE_BUSY,                    0xC00000AE, "the pipe is busy") \
X(STATUS_ILLEGAL_FUNCTION,             0xC00000AF, "not possible on this pipe") \
X(STATUS_PIPE_DISCONNECTED,            0xC00000B0, "the pipe was disconnected") \
X(STATUS_PIPE_CLOSING,                 0xC00000B1, "the pipe is closing") \
X(STATUS_IO_TIMEOUT,                   0xC00000B5, "the host itself ran out of time") \
X(STATUS_FILE_IS_A_DIRECTORY,          0xC00000BA, "a directory, not a file") \
X(STATUS_NOT_SUPPORTED,                0xC00000BB, "not supported") \
X(STATUS_DUPLICATE_NAME,               0xC00000BD, "the host does not answer to this name") \
X(STATUS_BAD_NETWORK_PATH,             0xC00000BE, "the network path was not found") \
X(STATUS_NETWORK_BUSY,                 0xC00000BF, "the network is busy") \
X(STATUS_NETWORK_NAME_DELETED,         0xC00000C9, "the share is gone") \
X(STATUS_NETWORK_ACCESS_DENIED,        0xC00000CA, "network access denied") \
X(STATUS_BAD_DEVICE_TYPE,              0xC00000CB, "wrong type of share") \
X(STATUS_BAD_NETWORK_NAME,             0xC00000CC, "there is no share of this name") \
X(STATUS_TOO_MANY_SESSIONS,            0xC00000CE, "too many sessions") \
X(STATUS_REQUEST_NOT_ACCEPTED,         0xC00000D0, "the host takes no more connections") \
X(STATUS_PIPE_EMPTY,                   0xC00000D9, "the pipe is empty") \
X(STATUS_INVALID_SERVER_STATE,         0xC00000DC, "the server is in the wrong state") \
X(STATUS_INVALID_DOMAIN_STATE,         0xC00000DD, "the domain is in the wrong state") \
X(STATUS_INVALID_DOMAIN_ROLE,          0xC00000DE, "not for this role of machine") \
X(STATUS_NO_SUCH_DOMAIN,               0xC00000DF, "no such domain") \
X(STATUS_INTERNAL_DB_CORRUPTION,       0xC00000E4, "the host's own data are corrupt") \
X(STATUS_INTERNAL_ERROR,               0xC00000E5, "internal error of the host") \
X(STATUS_NO_SUCH_PACKAGE,              0xC00000FE, "the host has no such security package") \
X(STATUS_CANCELLED,                    0xC0000120, "cancelled") \
X(STATUS_CANNOT_DELETE,                0xC0000121, "cannot be deleted") \
X(STATUS_FILE_CLOSED,                  0xC0000128, "already closed") \
X(STATUS_TIME_DIFFERENCE_AT_DC,        0xC0000133, "the clocks differ too much") \
X(STATUS_PIPE_BROKEN,                  0xC000014B, "the other end of the pipe is gone") \
X(STATUS_NO_SUCH_ALIAS,                0xC0000151, "no such local group") \
X(STATUS_LOGON_NOT_GRANTED,            0xC0000155, "the logon was not granted") \
X(STATUS_LOGON_TYPE_NOT_GRANTED,       0xC000015B, "logon over the network is not granted to this account") \
X(STATUS_TOO_MANY_SIDS,                0xC000017E, "too many SIDs") \
X(STATUS_NO_TRUST_LSA_SECRET,          0xC000018A, "the host has no trust secret") \
X(STATUS_NO_TRUST_SAM_ACCOUNT,         0xC000018B, "the host has no account in its domain") \
X(STATUS_TRUSTED_DOMAIN_FAILURE,       0xC000018C, "the trust between domains is broken") \
X(STATUS_TRUSTED_RELATIONSHIP_FAILURE, 0xC000018D, "the host's trust with its domain is broken") \
X(STATUS_TRUST_FAILURE,                0xC0000190, "a trust is broken") \
X(STATUS_NETLOGON_NOT_STARTED,         0xC0000192, "the host's Netlogon service is not running") \
X(STATUS_ACCOUNT_EXPIRED,              0xC0000193, "the account has expired") \
X(STATUS_NETWORK_CREDENTIAL_CONFLICT,  0xC0000195, "another credential is in use with this host") \
X(STATUS_NOLOGON_INTERDOMAIN_TRUST_ACCOUNT, 0xC0000198, "a trust account cannot log on") \
X(STATUS_NOLOGON_WORKSTATION_TRUST_ACCOUNT, 0xC0000199, "a computer account cannot log on here") \
X(STATUS_NOLOGON_SERVER_TRUST_ACCOUNT, 0xC000019A, "a domain controller's account cannot log on here") \
X(STATUS_DOMAIN_TRUST_INCONSISTENT,    0xC000019B, "the trust information is inconsistent") \
X(STATUS_USER_SESSION_DELETED,         0xC0000203, "the session is gone") \
X(STATUS_INSUFF_SERVER_RESOURCES,      0xC0000205, "the host is out of resources") \
X(STATUS_CONNECTION_DISCONNECTED,      0xC000020C, "the connection is gone") \
X(STATUS_CONNECTION_RESET,             0xC000020D, "the connection was reset") \
X(STATUS_PASSWORD_MUST_CHANGE,         0xC0000224, "the password must be changed first") \
X(STATUS_NOT_FOUND,                    0xC0000225, "not found") \
X(STATUS_RETRY,                        0xC000022D, "try again") \
X(STATUS_DOMAIN_CONTROLLER_NOT_FOUND,  0xC0000233, "no domain controller was found") \
X(STATUS_ACCOUNT_LOCKED_OUT,           0xC0000234, "the account is locked out") \
X(STATUS_CONNECTION_REFUSED,           0xC0000236, "the connection was refused") \
X(STATUS_NETWORK_UNREACHABLE,          0xC000023C, "the network is unreachable") \
X(STATUS_HOST_UNREACHABLE,             0xC000023D, "the host is unreachable") \
X(STATUS_CONNECTION_ABORTED,           0xC0000241, "the connection was aborted") \
X(STATUS_PATH_NOT_COVERED,             0xC0000257, "elsewhere in a distributed file system") \
X(STATUS_DS_BUSY,                      0xC00002A5, "the directory is busy") \
X(STATUS_SMARTCARD_LOGON_REQUIRED,     0xC00002FA, "the account needs a smart card") \
X(STATUS_NOT_SUPPORTED_ON_SBS,         0xC0000300, "not possible on this edition") \
X(STATUS_NETWORK_SESSION_EXPIRED,      0xC000035C, "the session has expired") \
X(STATUS_DOWNGRADE_DETECTED,           0xC0000388, "an attempt to downgrade security was seen") \
X(STATUS_AUTHENTICATION_FIREWALL_FAILED, 0xC0000413, "selective authentication keeps this account out") \
X(STATUS_NTLM_BLOCKED,                 0xC0000418, "NTLM is blocked") \
X(STATUS_SERVER_UNAVAILABLE,           0xC0000466, "the server is not available") \
X(STATUS_FILE_NOT_AVAILABLE,           0xC0000467, "not available for now") \
X(STATUS_INVALID_SIGNATURE,            0xC000A000, "the signature is wrong") \
X(STATUS_HMAC_NOT_SUPPORTED,           0xC000A001, "the signing method is not supported") \
X(RPC_NT_SERVER_UNAVAILABLE,           0xC0020017, "the RPC server is not available") \
X(RPC_NT_CALL_FAILED,                  0xC002001B, "the RPC failed") \
X(RPC_NT_PROTOCOL_ERROR,               0xC002001D, "RPC protocol error") \
X(RPC_NT_SS_CONTEXT_MISMATCH,          0xC0030005, "not a context handle of this host") \
X(RPC_NT_BAD_STUB_DATA,                0xC003000C, "the stub is malformed") \
X(STATUS_SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP, 0xC05D0000, "no hash algorithm in common") \
X(STATUS_SMB_BAD_CLUSTER_DIALECT,      0xC05D0001, "the cluster speaks another dialect")

#define WIN32_ERRORS(X) \
X(ERROR_SUCCESS,                       0x00000000, "success") \
X(ERROR_INVALID_FUNCTION,              0x00000001, "no such function") \
X(ERROR_FILE_NOT_FOUND,                0x00000002, "not found") \
X(ERROR_ACCESS_DENIED,                 0x00000005, "access denied") \
X(ERROR_INVALID_HANDLE,                0x00000006, "the handle is not or no longer valid") \
X(ERROR_NOT_ENOUGH_MEMORY,             0x00000008, "the host is out of memory") \
X(ERROR_OUTOFMEMORY,                   0x0000000E, "the host is out of memory") \
X(ERROR_NOT_SUPPORTED,                 0x00000032, "not supported") \
X(ERROR_INVALID_PARAMETER,             0x00000057, "a parameter is not valid") \
X(ERROR_CALL_NOT_IMPLEMENTED,          0x00000078, "not implemented") \
X(ERROR_MORE_DATA,                     0x000000EA, "more data follow") \
X(ERROR_SHUTDOWN_IN_PROGRESS,          0x0000045B, "the host is shutting down") \
X(ERROR_LOGON_FAILURE,                 0x0000052E, "unknown user or wrong password") \
X(ERROR_NO_SYSTEM_RESOURCES,           0x000005AA, "the host is out of resources") \
X(RPC_S_INVALID_BINDING,               0x000006A6, "the binding is not valid") \
X(RPC_S_UNKNOWN_IF,                    0x000006B5, "the host does not have this interface") \
X(RPC_S_SERVER_UNAVAILABLE,            0x000006BA, "the RPC server is not available") \
X(RPC_S_SERVER_TOO_BUSY,               0x000006BB, "the RPC server is too busy") \
X(RPC_S_CALL_FAILED,                   0x000006BE, "the call failed") \
X(RPC_S_CALL_FAILED_DNE,               0x000006BF, "the call failed and did not execute") \
X(RPC_S_PROTOCOL_ERROR,                0x000006C0, "RPC protocol error") \
X(RPC_S_UNSUPPORTED_TRANS_SYN,         0x000006C2, "the transfer syntax is not supported") \
X(RPC_S_PROCNUM_OUT_OF_RANGE,          0x000006D1, "the host does not have this call") \
X(RPC_S_UNKNOWN_AUTHN_LEVEL,           0x000006D4, "the authentication level is not known") \
X(RPC_S_INTERNAL_ERROR,                0x000006E6, "internal RPC error of the host") \
X(RPC_X_BAD_STUB_DATA,                 0x000006F7, "the stub is malformed") \
X(RPC_S_SEC_PKG_ERROR,                 0x00000721, "the security package failed")

#define RPC_STATUSES(X) \
X(NCA_S_FAULT_ADDR_ERROR,              0x1C000002, "addressing error in the host") \
X(NCA_S_FAULT_INVALID_TAG,             0x1C000006, "the union tag is not valid") \
X(NCA_S_FAULT_INVALID_BOUND,           0x1C000007, "an array bound is not valid") \
X(NCA_S_RPC_VERSION_MISMATCH,          0x1C000008, "RPC version mismatch") \
X(NCA_S_UNSPEC_REJECT,                 0x1C000009, "rejected without a reason") \
X(NCA_S_FAULT_CANCEL,                  0x1C00000D, "cancelled") \
X(NCA_S_FAULT_UNSPEC,                  0x1C000012, "failed without a reason") \
X(NCA_S_FAULT_CONTEXT_MISMATCH,        0x1C00001A, "not a context handle of this host") \
X(NCA_S_FAULT_REMOTE_NO_MEMORY,        0x1C00001B, "the host is out of memory") \
X(NCA_S_INVALID_PRES_CONTEXT_ID,       0x1C00001C, "the presentation context is not valid") \
X(NCA_S_UNSUPPORTED_AUTHN_LEVEL,       0x1C00001D, "the host wants another authentication level") \
X(NCA_S_COMM_FAILURE,                  0x1C010001, "communication failure") \
X(NCA_S_OP_RNG_ERROR,                  0x1C010002, "the host does not have this call") \
X(NCA_S_UNK_IF,                        0x1C010003, "the interface is not bound") \
X(NCA_S_WRONG_BOOT_TIME,               0x1C010006, "the host was restarted") \
X(NCA_S_YOU_CRASHED,                   0x1C010009, "the host took us for crashed") \
X(NCA_S_PROTO_ERROR,                   0x1C01000B, "RPC protocol error") \
X(NCA_S_OUT_ARGS_TOO_BIG,              0x1C010013, "the answer is too big") \
X(NCA_S_SERVER_TOO_BUSY,               0x1C010014, "the RPC server is too busy") \
X(NCA_S_UNSUPPORTED_TYPE,              0x1C010017, "the object type is not supported")
/* clang-format on */

#define X(name, value, words) name = value,
enum ntstatus { NTSTATUSES(X) };
enum win32_error { WIN32_ERRORS(X) };
enum rpc_status { RPC_STATUSES(X) };
#undef X

/* "STATUS_LOGON_FAILURE" and "unknown user or wrong password" for 0xC000006D; NULL when
 * the status is not in the list. */
const char *ntstatus_name(uint32_t status);
const char *ntstatus_words(uint32_t status);
const char *win32_name(uint32_t error);
const char *win32_words(uint32_t error);
/* Of a fault: the nca_ codes first, then the Win32 errors. */
const char *rpc_status_name(uint32_t status);
const char *rpc_status_words(uint32_t status);
/* By the list that `space` says; NULL when unknown or when there is no such list. */
const char *status_name(enum fault_space space, uint32_t code);
const char *status_words(enum fault_space space, uint32_t code);
/* Severity "error".  Warnings (STATUS_NO_MORE_ENTRIES) and successes are none. */
bool ntstatus_is_error(uint32_t status);

#endif
