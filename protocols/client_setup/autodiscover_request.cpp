#include "protocols/client_setup/autodiscover_request.hpp"

#include "base/ascii.hpp"

#include <expat.h>

#include <memory>
#include <new>
#include <type_traits>

namespace hauspost::client_setup {
namespace {

constexpr std::size_t max_depth = 8;
constexpr std::size_t max_elements = 100;
constexpr std::size_t max_text_octets = 1280;  // an address that address::canonical takes

constexpr char namespace_end = '\n';  // no namespace holds one: it would be a blank by then

struct free_parser {
    void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};
using parser_ptr = std::unique_ptr<std::remove_pointer_t<XML_Parser>, free_parser>;

/// Takes what expat tells of a document. Its functions are called by C code, so they neither throw
/// nor allocate: their texts have their room from the begin.
class request_reader {
public:
    request_reader() : parser_(XML_ParserCreateNS("UTF-8", namespace_end)) {
        if (!parser_) throw std::bad_alloc();
        address_.reserve(max_text_octets);
        schema_.reserve(max_text_octets);
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(parser_.get(), on_begin, on_end);
        XML_SetCharacterDataHandler(parser_.get(), on_text);
        XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
    }

    std::optional<autodiscover_request> read(std::string_view octets) {
        const auto done =
            XML_Parse(parser_.get(), octets.data(), static_cast<int>(octets.size()), XML_TRUE);
        if (done != XML_STATUS_OK || addresses_ != 1) return std::nullopt;
        autodiscover_request made;
        made.address = ascii::trimmed(address_);
        if (made.address.empty()) return std::nullopt;
        made.wants_outlook = schema_.empty() || schema_.find("/outlook/") != std::string::npos;
        return made;
    }

private:
    static request_reader& self(void* data) noexcept { return *static_cast<request_reader*>(data); }

    static void on_begin(void* data, const char* name, const char** /*attributes*/) noexcept {
        self(data).begin(name);
    }
    static void on_end(void* data, const char* /*name*/) noexcept { self(data).end(); }
    static void on_text(void* data, const char* text, int octets) noexcept {
        self(data).take({text, static_cast<std::size_t>(octets)});
    }
    static void on_doctype(void* data,
                           const char* /*name*/,
                           const char* /*system_id*/,
                           const char* /*public_id*/,
                           int /*has_subset*/) noexcept {
        self(data).stop();
    }

    void begin(std::string_view name) noexcept {
        if (const auto end = name.rfind(namespace_end); end != std::string_view::npos)
            name.remove_prefix(end + 1);
        ++depth_;
        if (depth_ > max_depth || ++elements_ > max_elements) return stop();
        // The names of the two around it are on the way there.
        if (depth_ == 1) is_on_way_ = name == "Autodiscover";
        if (depth_ == 2) is_in_request_ = is_on_way_ && name == "Request";
        if (depth_ != 3 || !is_in_request_) return;
        if (name == "EMailAddress") {
            ++addresses_;
            into_ = &address_;
        } else if (name == "AcceptableResponseSchema") {
            into_ = &schema_;
        }
    }

    void end() noexcept {
        if (depth_ == 3) into_ = nullptr;
        if (depth_ == 2) is_in_request_ = false;
        --depth_;
    }

    void take(std::string_view text) noexcept {
        if (into_ == nullptr || depth_ != 3) return;
        if (text.size() > max_text_octets - into_->size()) return stop();
        into_->append(text);
    }

    void stop() noexcept { XML_StopParser(parser_.get(), XML_FALSE); }

    parser_ptr parser_;
    std::string address_, schema_;
    std::string* into_ = nullptr;  // nullptr: text is of no interest
    std::size_t depth_ = 0, elements_ = 0, addresses_ = 0;
    bool is_on_way_ = false, is_in_request_ = false;
};

}  // namespace

std::optional<autodiscover_request> parse_autodiscover_request(std::string_view octets) {
    if (octets.size() > max_autodiscover_request_octets) return std::nullopt;
    request_reader reader;
    return reader.read(octets);
}

}  // namespace hauspost::client_setup
