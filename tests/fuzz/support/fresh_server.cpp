#include "tests/fuzz/support/fresh_server.hpp"

#include "tests/fuzz/support/grammar.hpp"

namespace hauspost::fuzz {

namespace {

void share_inbox(test::server_parts& parts, account_id owner, const std::string& with) {
    auto& store = parts.store();
    const auto inbox = parts.wait(store.mailboxes.find(owner, "INBOX")).value().id;
    must(!parts.wait(store.sharing.change_rights({owner, inbox}, with, mail::change::set,
                                                 mail::rights::all)),
         "an INBOX is not shared");
}

}  // namespace

void renew_accounts(test::server_parts& parts, bool is_empty) {
    for (const auto account : {parts.ann, parts.bob})
        must(!parts.wait(parts.store().directory.remove_account(account)), "an account stays");
    parts.ann = parts.add_account("ann@a.example");
    parts.bob = parts.add_account("bob@a.example");
    parts.set_quota(parts.ann, quota_octets);
    parts.set_quota(parts.bob, quota_octets);
    if (is_empty) return;
    must(parts.wait(parts.store().mailboxes.create(parts.ann, "x", mail::special_use::none))
             .has_value(),
         "a mailbox is not made");
    share_inbox(parts, parts.ann, "bob@a.example");
    share_inbox(parts, parts.bob, "ann@a.example");
    parts.put("Subject: a\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n");
    parts.put(
        "Subject: b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        "--x\r\n\r\none\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
        "Subject: c\r\n\r\ninner\r\n.\r\n--x--\r\n",
        mail::flags::seen, {"$Work"});
    parts.put(
        "From: =?utf-8?q?J=C3=B6rg?= <j@x>\r\nTo: ann@a.example\r\nReferences: <1@x>\r\n"
        "Subject: Re: a\r\nDate: Fri, 2 Jan 2026 03:04:05 +0000\r\n"
        "Content-Type: text/html; charset=iso-8859-1\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=FC=DFe</p>\r\n",
        mail::flags::deleted);
    parts.put(
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\n\n"
        "AAEC\rno end",
        0, {}, "INBOX", "Return-Path: <j@x>\r\n");
}

}  // namespace hauspost::fuzz
