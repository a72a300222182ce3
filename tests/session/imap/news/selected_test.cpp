#include "protocols/imap/session/core/selected.hpp"

#include "protocols/imap/response/flag_writer.hpp"
#include "protocols/imap/session/core/replies.hpp"
#include "storage/errc.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::imap;

namespace {

mail::uid_range range(std::uint32_t first, std::uint32_t last) {
    return {uid(first), uid(last)};
}

mailbox_view view_of(std::uint64_t bits) {
    mailbox_view view;
    const mail::uid_block block{0, bits};
    view.reset(std::span(&block, 1));
    return view;
}

}  // namespace

TEST_CASE("imap selected mailbox: an own change that follows directly needs no list") {
    selected_mailbox box;
    box.synced = modseq(10);
    box.note_own(modseq(11));
    CHECK(box.synced == modseq(11));
    CHECK(box.own.empty());
}

TEST_CASE("imap selected mailbox: own changes behind others' are kept until all is told") {
    selected_mailbox box;
    box.synced = modseq(10);
    box.note_own(modseq(13));
    box.note_own(modseq(15));
    CHECK(box.synced == modseq(10));
    CHECK(box.is_own(modseq(13)));
    CHECK(!box.is_own(modseq(14)));
    box.note_synced(modseq(14));
    CHECK(box.own == std::vector{modseq(15)});
    box.note_synced(modseq(20));
    CHECK(box.own.empty());
    box.note_own(modseq(0));
    CHECK(box.synced == modseq(20));
}

TEST_CASE("imap selected mailbox: slices hold so many messages, whatever the gaps") {
    const auto view = view_of(0b1111'0110'0000'1111'1110);  // 1-7, 13, 14, 16-19
    mail::uid_ranges all{range(1, 7), range(13, 19)};
    std::span<mail::uid_range> rest = all;
    CHECK(take_slice(view, rest, 3) == mail::uid_ranges{range(1, 3)});
    CHECK(take_slice(view, rest, 5) == mail::uid_ranges{range(4, 7), range(13, 13)});
    CHECK(take_slice(view, rest, 100) == mail::uid_ranges{range(14, 19)});
    CHECK(rest.empty());
    CHECK(take_slice(view, rest, 1).empty());
}

TEST_CASE("imap flags: system flags, keywords of the word, and those beyond it") {
    std::vector<std::string> keywords;
    for (int n = 0; n < 30; ++n)
        keywords.push_back("k" + std::to_string(n));
    flag_writer writer(keywords);
    std::string out;
    writer.append(out, 0, nullptr);
    CHECK(out == "FLAGS ()");
    out.clear();
    writer.append(out, mail::flags::seen | 1u << 8 | 1u << 31, nullptr);
    CHECK(out == "FLAGS (\\Seen k0 k23)");
    out.clear();
    const std::vector<std::uint16_t> extra{24, 29, 77};
    writer.append(out, 0, &extra);
    CHECK(out == "FLAGS (k24 k29)");
    out.clear();
    writer.append(out, mail::flags::seen | 1u << 8 | 1u << 31, nullptr);
    CHECK(out == "FLAGS (\\Seen k0 k23)");
}

TEST_CASE("imap flags: Recent comes first, whatever the neighbour had") {
    const std::vector<std::string> keywords{"k0"};
    flag_writer writer(keywords);
    const auto text = [&](std::uint32_t bits, bool is_recent) {
        std::string out;
        writer.append(out, bits, nullptr, is_recent);
        return out;
    };
    CHECK(text(0, true) == "FLAGS (\\Recent)");
    CHECK(text(0, false) == "FLAGS ()");
    CHECK(text(mail::flags::seen | 1u << 8, true) == "FLAGS (\\Recent \\Seen k0)");
    CHECK(text(mail::flags::seen | 1u << 8, false) == "FLAGS (\\Seen k0)");
    CHECK(text(1u << 8, true) == "FLAGS (\\Recent k0)");
}

TEST_CASE("imap replies: each refusal of the store that IMAP can meet has its code") {
    using storage::errc;
    const auto code_for = [](errc why) { return replies::refused(make_error_code(why)).code; };
    CHECK(code_for(errc::no_such_mailbox) == "NONEXISTENT");
    CHECK(code_for(errc::no_such_message) == "EXPUNGEISSUED");
    CHECK(code_for(errc::already_exists) == "ALREADYEXISTS");
    CHECK(code_for(errc::not_allowed) == "CANNOT");
    CHECK(code_for(errc::over_quota) == "OVERQUOTA");
    CHECK(code_for(errc::disk_full) == "UNAVAILABLE");
    CHECK(code_for(errc::too_many_mailboxes) == "LIMIT");
    CHECK(code_for(errc::too_many_keywords) == "LIMIT");
    CHECK(code_for(errc::invalid_name) == "CANNOT");
    CHECK(code_for(errc::busy) == "UNAVAILABLE");
    CHECK(code_for(errc::still_in_use) == "SERVERBUG");
    CHECK(replies::refused(error_code(5, boost::system::generic_category())).code == "SERVERBUG");
}
