#include "protocols/jmap/session/email_view.hpp"

#include "base/ascii.hpp"
#include "mail/flags.hpp"
#include "protocols/jmap/body_tree.hpp"
#include "protocols/jmap/email_filter.hpp"
#include "protocols/jmap/json_text.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/summary.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace hauspost::jmap {
namespace {

json::object keywords_of(const account_rows& rows, account_rows::email one) {
    std::set<std::string> names;
    for (const auto* name : {"$seen", "$answered", "$flagged", "$draft"})
        if (rows.has_keyword(one, name)) names.insert(name);
    for (const auto& at : rows.places_of(one)) {
        const auto& box = *rows.mailboxes()[at.mailbox];
        for (const auto& keyword : box.keywords)
            if (is_keyword(keyword) && storage::view::system_flag_of(keyword) == 0 &&
                box.has_keyword(rows.row_at(at), keyword))
                names.insert(ascii::lowered(keyword));
    }
    json::object made;
    for (const auto& name : names)
        made[name] = true;
    return made;
}

json::object mailboxes_of(const account_rows& rows,
                          account_rows::email one,
                          const std::vector<std::string>& ids) {
    json::object made;
    for (const auto& at : rows.places_of(one))
        made[ids[at.mailbox]] = true;
    return made;
}

/// One email on its way to JSON: what is read of it is read once.
class email_writer {
public:
    email_writer(std::string id,
                 const stored_email& stored,
                 const email_wanted& wanted,
                 storage::blob_store& blobs,
                 std::size_t& room)
        : id_(std::move(id)), stored_(stored), wanted_(wanted), blobs_(blobs), room_(room) {}

    [[nodiscard]] error_code failed() const noexcept { return failed_; }

    json::value value_of(const asked_property& property) {
        const auto& name = property.name;
        if (room_ == 0) return nullptr;
        if (property.header) return charged(jmap::value_of(header(), *property.header));
        if (name == "preview") return json::value(message::preview_of(stored_.summary));
        if (name == "headers") return charged(all_headers(header()));
        if (name == "hasAttachment") return has_attachment(tree(), lists());
        if (name == "bodyStructure") return tree().empty() ? json::value() : part_object(0, true);
        if (name == "bodyValues") return body_values();
        if (name == "textBody") return part_list(lists().text);
        if (name == "htmlBody") return part_list(lists().html);
        return part_list(lists().attachments);
    }

private:
    std::string read(std::uint64_t offset, std::uint64_t octets) {
        std::string into(static_cast<std::size_t>(octets), '\0');
        if (octets == 0 || failed_) return {};
        const auto got = blobs_.read_here(stored_.blob, offset, std::span<char>(into));
        if (!got) failed_ = got.error();
        into.resize(got ? *got : 0);
        return into;
    }

    const message::summary& summary() {
        if (!summary_) summary_ = message::decode(stored_.summary).value_or(message::summary());
        return *summary_;
    }

    const std::string& header() {
        if (header_) return *header_;
        header_ = stored_.prefix;
        const auto& parts = summary().parts;
        if (!parts.empty())
            *header_ += read(
                0, std::min<std::uint64_t>(parts.front().body, message::header_limits::max_octets));
        return *header_;
    }

    const body_tree& tree() {
        if (tree_) return *tree_;
        const auto reader = [this](std::uint64_t at, std::uint64_t many) { return read(at, many); };
        tree_ = make_body_tree(summary().parts, stored_.prefix, reader);
        lists_ = make_body_lists(*tree_);
        return *tree_;
    }
    const body_lists& lists() {
        tree();
        return lists_;
    }

    json::array part_list(const std::vector<std::size_t>& places) {
        json::array all;
        for (const auto at : places)
            all.push_back(part_object(at, false));
        return all;
    }

    json::object part_object(std::size_t at, bool is_whole) {
        const auto& part = tree()[at];
        json::object made;
        for (const auto& asked : wanted_.body_properties) {
            if (room_ == 0) return made;
            if (asked.header)
                made[asked.name] =
                    charged(jmap::value_of(part.header, *asked.header), asked.name.size());
            else if (asked.name != "subParts")
                made[asked.name] = charged(part_value(part, asked.name), asked.name.size());
        }
        // RFC 8621 4.1.4: bodyStructure is not much without them.
        if (is_whole && part.is_multipart()) {
            json::array below;
            for (const auto one : part.parts)
                below.push_back(part_object(one, true));
            made["subParts"] = std::move(below);
        }
        return made;
    }

    /// Takes room for a value under a name; when there is not enough the object stays without it.
    json::value charged(json::value value, std::size_t name_octets = 0) {
        const auto costs = name_octets + weight_of(value, room_ + 1);
        const bool fits = costs < room_;
        room_ = fits ? room_ - costs : 0;
        return fits ? std::move(value) : json::value(nullptr);
    }

    json::value part_value(const body_part& part, std::string_view name) {
        const auto reader = [this](std::uint64_t at, std::uint64_t many) { return read(at, many); };
        if (name == "partId") return text_or_null(part.id);
        if (name == "blobId")
            return part.is_multipart() ? json::value() : json::value(blob_id_of(part));
        if (name == "size")
            return part.is_multipart() ? std::uint64_t{0} : decoded_size(part.where, reader);
        if (name == "headers") return all_headers(part.header);
        if (name == "name") return text_or_null(part.name);
        if (name == "type") return json::value(part.where.type_name);
        if (name == "charset") return charset_of(part);
        if (name == "disposition") return text_or_null(part.disposition.type);
        if (name == "cid") return cid_of(part);
        if (name == "language") return languages_of(part);
        return text_or_null(message::decoded_field(part.header, "content-location"));
    }

    [[nodiscard]] std::string blob_id_of(const body_part& part) const {
        auto made = part.id;
        std::replace(made.begin(), made.end(), '.', '-');
        return id_ + '_' + made;
    }

    static json::value charset_of(const body_part& part) {
        if (!part.where.type_name.starts_with("text/")) return nullptr;
        const auto given = part.type.find("charset");
        return json::value(given.empty() ? std::string_view("us-ascii") : given);
    }

    static json::value cid_of(const body_part& part) {
        auto text = message::decoded_field(part.header, "content-id");
        if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
        return text_or_null(text);
    }

    static json::value languages_of(const body_part& part) {
        const auto text = message::decoded_field(part.header, "content-language");
        json::array all;
        std::string_view rest(text);
        while (!rest.empty()) {
            const auto end = std::min(rest.find(','), rest.size());
            if (const auto one = ascii::trimmed(rest.substr(0, end)); !one.empty())
                all.emplace_back(one);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return all.empty() ? json::value() : json::value(std::move(all));
    }

    json::object body_values() {
        std::set<std::size_t> places;
        const auto add = [&](const std::vector<std::size_t>& some) {
            places.insert(some.begin(), some.end());
        };
        if (wanted_.text_values || wanted_.all_values) add(lists().text);
        if (wanted_.html_values || wanted_.all_values) add(lists().html);
        if (wanted_.all_values)
            for (std::size_t at = 0; at < tree().size(); ++at)
                places.insert(at);
        json::object made;
        for (const auto at : places) {
            const auto& part = tree()[at];
            if (part.is_multipart() || !part.where.type_name.starts_with("text/")) continue;
            made[part.id] = value_object(part);
        }
        return made;
    }

    json::object value_object(const body_part& part) {
        const auto reader = [this](std::uint64_t at, std::uint64_t many) { return read(at, many); };
        auto most = std::min(max_body_value_octets, room_);
        if (wanted_.max_value_octets != 0) most = std::min(most, wanted_.max_value_octets);
        const auto value = read_body_value(part.where, most, reader);
        // What is cut for want of room says so, as what is cut by wish.
        room_ -= std::min(room_ - std::min<std::size_t>(room_, 1), value.text.size());
        json::object made;
        made["value"] = value.text;
        made["isEncodingProblem"] = value.has_problem;
        made["isTruncated"] = value.is_truncated;
        return made;
    }

    const std::string id_;
    const stored_email& stored_;
    const email_wanted& wanted_;
    storage::blob_store& blobs_;
    std::size_t& room_;
    error_code failed_;
    std::optional<message::summary> summary_;
    std::optional<std::string> header_;
    std::optional<body_tree> tree_;
    body_lists lists_;
};

}  // namespace

result<json::object> email_object(const account_rows& rows,
                                  account_rows::email one,
                                  const std::vector<std::string>& mailbox_ids,
                                  const stored_email* stored,
                                  const email_wanted& wanted,
                                  storage::blob_store& blobs,
                                  std::size_t& room) {
    static const stored_email nothing;
    auto id = email_id(rows, one);
    const auto& row = rows.row_of(one);
    email_writer writer(id, stored == nullptr ? nothing : *stored, wanted, blobs, room);
    json::object made;
    // A client may choose names of 255 octets for fields that no message has.
    for (const auto& property : wanted.properties)
        if (property.header) room -= std::min(room, property.name.size());
    if (room == 0) return made;
    for (const auto& property : wanted.properties) {
        const auto& name = property.name;
        if (name == "blobId")
            made[name] = id;
        else if (name == "threadId")
            made[name] = thread_id(rows, one);
        else if (name == "mailboxIds")
            made[name] = mailboxes_of(rows, one, mailbox_ids);
        else if (name == "keywords")
            made[name] = keywords_of(rows, one);
        else if (name == "size")
            made[name] = row.octets;
        else if (name == "receivedAt")
            made[name] = write_utc_date(row.received);
        else
            made[name] = writer.value_of(property);
    }
    made["id"] = std::move(id);
    if (writer.failed()) return writer.failed();
    return made;
}

}  // namespace hauspost::jmap
