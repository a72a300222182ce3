#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::client_setup {

/// Text as it stands between tags and in attributes, whatever is in it: markup is escaped; what is
/// no UTF-8, and what XML 1.0 cannot hold in any spelling (controls, U+FFFE), becomes U+FFFD.
[[nodiscard]] std::string xml_escaped(std::string_view text);

/// Writes an XML document in UTF-8, an element a line. Names and attributes of elements are ours;
/// all texts go through xml_escaped.
///
///     xml_writer out;
///     out.open("user"); out.leaf("name", given); out.close();
///     out.take();
class xml_writer {
public:
    /// doctype  a whole line; "": none
    explicit xml_writer(std::string_view doctype = {});

    /// attributes  `version="1.0"`, several with a blank between; values escaped by the caller
    void open(std::string_view name, std::string_view attributes = {});
    /// The element that was opened last.
    void close();
    void leaf(std::string_view name, std::string_view text);
    void leaf(std::string_view name, unsigned long number);
    void empty(std::string_view name);

    /// The document. Precondition: all elements are closed.
    [[nodiscard]] std::string take();

private:
    void indent();

    std::string text_;
    std::vector<std::string> open_;
};

}  // namespace hauspost::client_setup
