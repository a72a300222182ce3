#include "protocols/smtp/esmtp_params.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;

namespace {

param_fault mail(const std::string& text) {
    mail_params params;
    return parse_params(text, params);
}
param_fault rcpt(const std::string& text) {
    rcpt_params params;
    return parse_params(text, params);
}

}  // namespace

TEST_CASE("esmtp params: the values of MAIL come out") {
    mail_params params;
    CHECK(parse_params(" size=42 body=BINARYMIME smtputf8 ret=full envid=a+2Bb REQUIRETLS ",
                       params) == param_fault::none);
    CHECK(params.size == 42u);
    CHECK(params.body == body_type::binary);
    CHECK(params.smtputf8);
    CHECK(params.require_tls);
    CHECK(params.ret == "FULL");
    CHECK(params.envelope_id == "a+2Bb");
    CHECK(mail("") == param_fault::none);
}

TEST_CASE("esmtp params: AUTH names a submitter in xtext, or nobody, RFC 4954 5") {
    mail_params params;
    CHECK(parse_params(" AUTH=<>", params) == param_fault::none);
    CHECK(params.submitter == "<>");
    CHECK(mail(" auth=e+3Dmc2@example.com") == param_fault::none);
    for (const auto* bad : {" AUTH", " AUTH=", " AUTH=a+3", " AUTH=a=b", " AUTH=<> AUTH=<>"})
        CHECK_MESSAGE(mail(bad) == param_fault::bad_syntax, bad);
    CHECK(mail(" AUTH=" + std::string(501, 'x')) == param_fault::bad_syntax);
}

TEST_CASE("esmtp params: A11 SIZE takes 20 digits, more than 64 bits count as larger than all") {
    mail_params params;
    CHECK(parse_params(" SIZE=18446744073709551616", params) == param_fault::none);
    CHECK(params.size == UINT64_MAX);
    CHECK(mail(" SIZE=99999999999999999999") == param_fault::none);
    CHECK(mail(" SIZE=100000000000000000000") == param_fault::bad_syntax);
    for (const auto* bad : {" SIZE", " SIZE=", " SIZE=-1", " SIZE=+1", " SIZE=1x", " SIZE=0x1"})
        CHECK_MESSAGE(mail(bad) == param_fault::bad_syntax, bad);
}

TEST_CASE("esmtp params: A11 a parameter twice, empty or misspelt is bad syntax") {
    for (const auto* bad : {" SIZE=1 SIZE=1",
                            " BODY=7BIT body=7BIT",
                            " SMTPUTF8 SMTPUTF8",
                            " RET=FULL RET=HDRS",
                            " ENVID=a ENVID=b",
                            " =x",
                            " =",
                            " -A=1",
                            " A_B=1",
                            " SMTPUTF8=1",
                            " REQUIRETLS=1",
                            " BODY",
                            " BODY=9BIT",
                            " RET",
                            " RET=ALL",
                            " ENVID",
                            " ENVID=+",
                            " ENVID=+2",
                            " ENVID=+2x",
                            " ENVID=a=b",
                            " SIZE=1\tBODY=7BIT",
                            "SIZE=1",
                            " FOO=\x01"})
        CHECK_MESSAGE(mail(bad) == param_fault::bad_syntax, bad);
}

TEST_CASE("esmtp params: an unknown name is told apart, wherever it stands") {
    CHECK(mail(" FOO") == param_fault::unknown);
    CHECK(mail(" FOO=1 SIZE=1") == param_fault::unknown);
    CHECK(mail(" FOO=1 SIZE=x") == param_fault::bad_syntax);
    CHECK(mail(" SIZE=x FOO=1") == param_fault::bad_syntax);
    CHECK(mail(" BY=100;R") == param_fault::unknown);
    CHECK(rcpt(" SIZE=1") == param_fault::unknown);
}

TEST_CASE("esmtp params: A11 a thousand parameters are refused in one pass") {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += " X" + std::to_string(i) + "=1";
    CHECK(mail(text) == param_fault::unknown);
    CHECK(mail(text + " ==") == param_fault::bad_syntax);
}

TEST_CASE("esmtp params: ENVID has 100 octets and not one more") {
    CHECK(mail(" ENVID=" + std::string(100, 'x')) == param_fault::none);
    CHECK(mail(" ENVID=" + std::string(101, 'x')) == param_fault::bad_syntax);
}

TEST_CASE("esmtp params: a release is one interval or one time, nothing else") {
    mail_params params;
    CHECK(parse_params(" HOLDFOR=999999999", params) == param_fault::none);
    CHECK(params.hold_for == 999'999'999);
    mail_params other;
    CHECK(parse_params(" holduntil=2026-11-29T18:20:00Z", other) == param_fault::none);
    CHECK(other.hold_until == 1'795'976'400);
    for (const auto* bad :
         {" HOLDFOR", " HOLDFOR=", " HOLDFOR=0", " HOLDFOR=01", " HOLDFOR=1000000000",
          " HOLDFOR=-1", " HOLDFOR=1s", " HOLDFOR=1 HOLDFOR=1", " HOLDUNTIL",
          " HOLDUNTIL=", " HOLDUNTIL=tomorrow", " HOLDUNTIL=2026-11-29T18:20:00",
          " HOLDUNTIL=1795976400", " HOLDFOR=60 HOLDUNTIL=2026-11-29T18:20:00Z",
          " HOLDUNTIL=2026-11-29T18:20:00Z HOLDFOR=60"})
        CHECK_MESSAGE(mail(bad) == param_fault::bad_syntax, bad);
}

TEST_CASE("esmtp params: NOTIFY is NEVER alone or a list of the others") {
    rcpt_params params;
    CHECK(parse_params(" NOTIFY=Success,failure,DELAY ORCPT=rfc822;Ann+2Bx@a.example", params) ==
          param_fault::none);
    CHECK(params.notify == "SUCCESS,FAILURE,DELAY");
    CHECK(params.original == "rfc822;Ann+2Bx@a.example");
    CHECK(rcpt(" NOTIFY=NEVER") == param_fault::none);
    for (const auto* bad :
         {" NOTIFY", " NOTIFY=", " NOTIFY=NEVER,SUCCESS", " NOTIFY=SUCCESS,", " NOTIFY=,SUCCESS",
          " NOTIFY=SUCCESS,SUCCESS", " NOTIFY=MAYBE", " NOTIFY=DELAY NOTIFY=DELAY"})
        CHECK_MESSAGE(rcpt(bad) == param_fault::bad_syntax, bad);
}

TEST_CASE("esmtp params: ORCPT has a type and xtext, in UTF-8 only where its type says so") {
    CHECK(rcpt(" ORCPT=utf-8;\xc3\xa4@a.example") == param_fault::none);
    CHECK(rcpt(" ORCPT=rfc822;" + std::string(493, 'x')) == param_fault::none);
    CHECK(rcpt(" ORCPT=rfc822;" + std::string(494, 'x')) == param_fault::bad_syntax);
    for (const auto* bad :
         {" ORCPT", " ORCPT=", " ORCPT=rfc822", " ORCPT=;x", " ORCPT=rfc822;", " ORCPT=rfc822;+G0",
          " ORCPT=rfc822;\xc3\xa4", " ORCPT=utf-8;\xc3", " ORCPT=a_b;x", " ORCPT=a;x ORCPT=a;x"})
        CHECK_MESSAGE(rcpt(bad) == param_fault::bad_syntax, bad);
}
