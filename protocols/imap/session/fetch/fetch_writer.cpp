#include "protocols/imap/session/fetch/fetch_writer.hpp"

#include "mail/object_id.hpp"
#include "protocols/imap/response/body_structure.hpp"
#include "protocols/imap/response/response_writer.hpp"
#include "protocols/imap/response/utf8_envelope.hpp"
#include "protocols/message/summary.hpp"

namespace hauspost::imap {
namespace {

// What stands for a summary that is damaged on the disk: the syntax of the answer must hold.
constexpr std::string_view empty_envelope = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";
constexpr std::string_view empty_structure =
    "(\"APPLICATION\" \"OCTET-STREAM\" NIL NIL NIL \"BINARY\" 0)";

std::string_view envelope(std::string_view summary) {
    const auto ready = message::envelope_of(summary);
    return ready.empty() ? empty_envelope : ready;
}

std::string_view structure(std::string_view summary) {
    const auto ready = message::body_structure_of(summary);
    return ready.empty() ? empty_structure : ready;
}

}  // namespace

void fetch_writer::space() {
    if (!is_first_) out_.push_back(' ');
    is_first_ = false;
}

void fetch_writer::line(std::uint32_t sequence, const storage::message_view& message) {
    (void)begin(sequence, message);
    end();
}

void fetch_writer::head(std::uint32_t sequence, uid id, bool with_uid) {
    response_writer writer(out_);
    is_first_ = true;
    writer.raw("* ").number(style_.uid_only ? id.value() : sequence);
    writer.raw(style_.uid_only ? " UIDFETCH (" : " FETCH (");
    if (!with_uid && !style_.tells_uid) return;
    space();
    writer.raw("UID ").number(id.value());
}

void fetch_writer::modseq(hauspost::modseq value) {
    space();
    response_writer(out_).raw("MODSEQ (").number(value.value()).raw(')');
}

bool fetch_writer::begin(std::uint32_t sequence,
                         const storage::message_view& message,
                         bool with_flags) {
    response_writer writer(out_);
    head(sequence, message.uid, items_.uid);
    if (items_.flags || with_flags) {
        space();
        flags_.append(out_, message.flags, message.extra_keywords, recent_.contains(message.uid));
    }
    if (items_.modseq || style_.tells_modseq) modseq(message.modseq);
    if (items_.internal_date) {
        space();
        writer.raw("INTERNALDATE ")
            .internal_date(message.internal_date.unix_seconds, message.internal_date.zone_minutes);
    }
    if (items_.size) {
        space();
        writer.raw("RFC822.SIZE ").number(message.octets);
    }
    if (items_.envelope) {
        space();
        const auto ready = envelope(message.summary);
        if (style_.is_utf8 && needs_utf8_envelope(ready))
            writer.raw("ENVELOPE ").raw(utf8_envelope(ready));
        else
            writer.raw("ENVELOPE ").raw(ready);
    }
    if (items_.body) {
        space();
        writer.raw("BODY ").raw(without_extensions(structure(message.summary)));
    }
    if (items_.body_structure) {
        space();
        writer.raw("BODYSTRUCTURE ").raw(structure(message.summary));
    }
    if (items_.has_extension()) extensions(message);
    return !is_first_;
}

void fetch_writer::extensions(const storage::message_view& message) {
    response_writer writer(out_, style_.is_utf8);
    if (items_.preview) {
        space();
        writer.raw("PREVIEW ").string(message::preview_of(message.summary));
    }
    if (items_.save_date) {
        space();
        writer.raw("SAVEDATE ").internal_date(message.save_date, 0);
    }
    if (items_.email_id) {
        space();
        out_ += "EMAILID (";
        mail::append_email_object_id(out_, message.blob, message.prefix);
        out_ += ')';
    }
    if (items_.thread_id) {
        space();
        out_ += message.thread == 0 ? "THREADID NIL" : "THREADID (";
        if (message.thread == 0) return;
        mail::append_thread_object_id(out_, message.thread);
        out_ += ')';
    }
}

void fetch_writer::flags_line(std::uint32_t sequence,
                              const storage::message_flags& message,
                              bool with_uid,
                              bool with_flags) {
    head(sequence, message.uid, with_uid);
    if (with_flags) {
        space();
        flags_.append(out_, message.bits, &message.extra_keywords, recent_.contains(message.uid));
    }
    if (style_.tells_modseq) modseq(message.modseq);
    end();
}

}  // namespace hauspost::imap
