#include "evidence/timestamp/token.h"

#include <algorithm>

#include "evidence/timestamp/certificates.h"
#include "evidence/timestamp/signed_data.h"
#include "evidence/timestamp/tst_info.h"

namespace netsampler::timestamp {
namespace {

constexpr const char* kTstInfoType = "1.2.840.113549.1.9.16.1.4";

struct Token {
  SignedData data;
  TstInfo info;
  SignedAttributes attributes;
};

Result<Token> read_token(ByteView bytes) {
  Token token;
  token.data = TRY(read_signed_data(bytes));
  if (token.data.content_type != kTstInfoType) return fail(ErrorKind::invalid, "the token's content is no TSTInfo");
  token.info = TRY(read_tst_info(token.data.content));
  token.attributes = TRY(read_attributes(token.data.signer.attributes));
  for (const ByteView certificate : token.data.certificates) token.info.facts.certificates.push_back(sha256(certificate));
  return token;
}

struct Refusal {
  TokenFault fault = TokenFault::none;
  std::string text;
  bool any() const { return fault != TokenFault::none; }
};

Refusal check_binding(const Token& token, ByteView stamped, const TokenExpectation& expected) {
  const TokenFacts& facts = token.info.facts;
  if (!token.info.imprint_known) return {TokenFault::imprint, "its imprint is neither SHA-256 nor SM3"};
  const Hash wanted = facts.imprint_kind == HashKind::sm3 ? sm3(stamped) : sha256(stamped);
  if (facts.imprint != wanted) return {TokenFault::imprint, "it stamps other bytes"};
  if (expected.nonce.has_value() && facts.nonce != expected.nonce) return {TokenFault::nonce, "it answers another query"};
  if (!expected.policy.empty() && facts.policy != expected.policy)
    return {TokenFault::policy, "its policy is " + facts.policy + ", not " + expected.policy};
  return {};
}

// The signer's certificate: every ESSCertID must name it, and so must the signer's own name for it.
Result<std::size_t> find_signer(const Token& token, const Certificates& certificates) {
  std::optional<std::size_t> found;
  for (const auto& id : token.attributes.certificate_ids) {
    const auto named = certificates.find(id);
    if (!named.has_value()) return fail(ErrorKind::invalid, "the certificate that ESSCertID names is not there");
    if (found.has_value() && found != named) return fail(ErrorKind::invalid, "its two ESSCertIDs name two certificates");
    found = named;
  }
  if (!found.has_value()) return fail(ErrorKind::invalid, "it has no ESSCertID");
  if (!certificates.is_named_by(token.data.signer, *found)) return fail(ErrorKind::invalid, "signer and ESSCertID are not the same certificate");
  return *found;
}

Refusal check_signature(const Token& token, const Certificates& certificates, std::size_t signer) {
  if (!certificates.is_time_stamp_signer(signer))
    return {TokenFault::purpose, "its certificate is not for time stamps alone (EKU timeStamping, critical, sole)"};
  if (token.attributes.content_type != kTstInfoType) return {TokenFault::signature, "the signed content type is another"};
  const auto digest = digest_of(token.data.signer.digest, token.data.content);
  const ByteView signed_digest = token.attributes.message_digest;
  if (!digest.has_value() || !std::equal(digest->begin(), digest->end(), signed_digest.begin(), signed_digest.end()))
    return {TokenFault::signature, "the signed digest is not that of its content"};
  if (!certificates.signed_by(signer, token.data.signer, signed_bytes(token.data.signer)))
    return {TokenFault::signature, "the signature does not fit"};
  return {};
}

Refusal check_chain(const Certificates& certificates, std::size_t signer, const TokenTrust& trust, TokenCheck& check) {
  if (!certificates.was_valid(signer, check.facts.gen_time_us))
    return {TokenFault::chain, "its certificate was not valid at the time it states"};
  ChainOutcome outcome = certificates.chain_of(signer, trust.anchors, check.facts.gen_time_us);
  check.anchor = outcome.anchor;
  check.chain = std::move(outcome.chain);
  check.chain_ends_us = outcome.ends_us;
  if (outcome.kind == ChainOutcome::Kind::broken) return {TokenFault::chain, "its chain does not hold at that time: " + outcome.text};
  if (outcome.kind == ChainOutcome::Kind::anchored) return {};
  check.chain = certificates.path_of(signer);
  return {TokenFault::untrusted, "no anchor: " + outcome.text};
}

Refusal check_signer(const Token& token, const TokenTrust& trust, TokenCheck& check) {
  std::vector<ByteView> list = token.data.certificates;
  for (const Bytes& more : trust.more_certificates)
    if (list.size() < 2 * kCertificateLimit && Certificates::parse({more}).ok()) list.emplace_back(more);  // what lies beside cannot break it
  auto certificates = Certificates::parse(list);
  if (!certificates.ok()) return {TokenFault::malformed, certificates.error().text};
  const auto signer = find_signer(token, *certificates);
  if (!signer.ok()) return {TokenFault::certificate, signer.error().text};
  check.facts.certificate = certificates->sha256_of(*signer);
  check.facts.authority = certificates->subject_of(*signer);
  Refusal refusal = check_signature(token, *certificates, *signer);
  return refusal.any() ? refusal : check_chain(*certificates, *signer, trust, check);
}

std::string words_of(const Response& envelope) {
  return "the authority answers with status " + std::to_string(envelope.status) + (envelope.words.empty() ? "" : " (" + envelope.words + ")");
}

TokenCheck refused(TokenCheck check, Refusal refusal) {
  check.fault = refusal.fault;
  check.text = std::move(refusal.text);
  return check;
}

}  // namespace

const char* code_of(TokenFault fault) {
  switch (fault) {
    case TokenFault::none: return "";
    case TokenFault::malformed: return "token-malformed";
    case TokenFault::refused: return "token-refused";
    case TokenFault::imprint: return "token-imprint";
    case TokenFault::nonce: return "token-nonce";
    case TokenFault::policy: return "token-policy";
    case TokenFault::certificate: return "token-certificate";
    case TokenFault::purpose: return "token-purpose";
    case TokenFault::signature: return "token-signature";
    case TokenFault::chain: return "token-chain";
    case TokenFault::untrusted: return "tsa-untrusted";
  }
  return "token-malformed";
}

TokenCheck check_response(ByteView response, ByteView stamped, const TokenTrust& trust, const TokenExpectation& expected) {
  TokenCheck check;
  const auto envelope = read_envelope(response);
  if (!envelope.ok()) return refused(std::move(check), {TokenFault::malformed, envelope.error().text});
  if (envelope->status > 1 || envelope->token.empty()) return refused(std::move(check), {TokenFault::refused, words_of(*envelope)});
  const auto token = read_token(envelope->token);
  if (!token.ok()) return refused(std::move(check), {TokenFault::malformed, token.error().text});
  check.facts = token->info.facts;
  Refusal refusal = check_binding(*token, stamped, expected);
  if (!refusal.any()) refusal = check_signer(*token, trust, check);
  return refused(std::move(check), std::move(refusal));
}

Result<TokenFacts> read_response(ByteView response) {
  const Response envelope = TRY(read_envelope(response));
  if (envelope.status > 1 || envelope.token.empty()) return fail(ErrorKind::invalid, words_of(envelope));
  Token token = TRY(read_token(envelope.token));
  return std::move(token.info.facts);
}

}  // namespace netsampler::timestamp
