#include "server/outbound/reply_meaning.hpp"

#include <iterator>

namespace hauspost::outbound {
namespace {

struct sentences {
    std::string_view happened_german;
    std::string_view happened_english;
    std::string_view to_do_german;
    std::string_view to_do_english;
};

// In the order of reply_meaning.
constexpr sentences all_sentences[] = {
    // unknown_recipient
    {"Diese Adresse gibt es beim Empfänger nicht.", "The recipient's address does not exist.",
     "Bitte prüfen Sie die Schreibweise und senden Sie die Nachricht noch einmal.",
     "Please check the spelling and send the message again."},
    // recipient_disabled
    {"Diese Adresse ist beim Empfänger abgeschaltet oder umgezogen.",
     "The recipient's address is switched off or has moved.",
     "Bitte fragen Sie auf anderem Weg nach der neuen Adresse.",
     "Please ask for the new address in another way."},
    // unknown_domain
    {"Die Domain hinter dem @ gibt es nicht, oder sie nimmt keine E-Mail an.",
     "The domain behind the @ does not exist or takes no mail.",
     "Bitte prüfen Sie die Schreibweise der Domain.", "Please check the spelling of the domain."},
    // mailbox_full
    {"Das Postfach des Empfängers ist voll.", "The recipient's mailbox is full.",
     "Bitte verständigen Sie den Empfänger auf anderem Weg und senden Sie die Nachricht dann noch "
     "einmal.",
     "Please tell the recipient in another way, then send the message again."},
    // too_large
    {"Die Nachricht ist dem Empfänger zu groß.", "The message is too large for the recipient.",
     "Bitte senden Sie Anhänge kleiner, einzeln oder als Link.",
     "Please send attachments smaller, one by one, or as a link."},
    // too_many_recipients
    {"Die Nachricht hat zu viele Empfänger.", "The message has too many recipients.",
     "Bitte senden Sie sie in mehreren Teilen an weniger Empfänger.",
     "Please send it to fewer recipients at a time."},
    // rate_limit
    {"Der Server des Empfängers nimmt im Moment nicht so viele Nachrichten an.",
     "The recipient's server does not take so many messages at the moment.",
     "Bitte senden Sie die Nachricht in einigen Stunden noch einmal.",
     "Please send the message again in some hours."},
    // greylisted
    {"Der Server des Empfängers lässt unbekannte Absender kurz warten.",
     "The recipient's server makes new senders wait for a while.",
     "Bitte senden Sie die Nachricht später noch einmal.", "Please send the message again later."},
    // block_list
    {"Die Adresse unseres Mailservers steht beim Empfänger auf einer Sperrliste.",
     "The address of our mail server is on a block list that the recipient uses.",
     "Bitte leiten Sie diese Meldung an die Betreuer Ihres Mailservers weiter: Sie können die "
     "Adresse austragen lassen.",
     "Please forward this message to those who run your mail server: they can have the address "
     "removed."},
    // reputation
    {"Der Server des Empfängers kennt unseren Mailserver nicht gut genug.",
     "The recipient's server does not know our mail server well enough.",
     "Bitte leiten Sie diese Meldung an die Betreuer Ihres Mailservers weiter: Sie können ihn dort "
     "bekannt machen.",
     "Please forward this message to those who run your mail server: they can introduce it there."},
    // no_reverse_name
    {"Der Adresse unseres Mailservers fehlt der Rückwärtsname (PTR).",
     "The address of our mail server has no reverse name (PTR).",
     "Bitte leiten Sie diese Meldung an die Betreuer Ihres Mailservers weiter.",
     "Please forward this message to those who run your mail server."},
    // sender_not_proven
    {"Der Empfänger verlangt einen Absendernachweis (SPF, DKIM oder DMARC), der fehlt.",
     "The recipient wants proof of the sender (SPF, DKIM or DMARC) that is missing.",
     "Bitte leiten Sie diese Meldung an die Betreuer Ihrer Domain weiter: Ihre DNS-Einträge sind "
     "zu "
     "prüfen.",
     "Please forward this message to those who look after your domain: its DNS records need a "
     "check."},
    // sender_refused
    {"Der Server des Empfängers nimmt Ihre Absenderadresse nicht an.",
     "The recipient's server does not accept your address as a sender.",
     "Bitte prüfen Sie, ob Ihre eigene Adresse im Mailprogramm richtig geschrieben ist.",
     "Please check whether your own address is spelled right in your mail program."},
    // content_refused
    {"Der Server des Empfängers hält die Nachricht für Werbung oder für gefährlich.",
     "The recipient's server takes the message for junk or for harmful.",
     "Bitte ändern Sie Text, Links oder Anhänge, oder bitten Sie den Empfänger, Ihre Adresse "
     "freizugeben.",
     "Please change text, links or attachments, or ask the recipient to allow your address."},
    // attachment_refused
    {"Der Server des Empfängers nimmt einen der Anhänge nicht an.",
     "The recipient's server does not accept one of the attachments.",
     "Bitte senden Sie die Datei in einem anderen Format oder als Link.",
     "Please send the file in another format or as a link."},
    // not_permitted
    {"An diese Adresse dürfen nur bestimmte Absender schreiben.",
     "Only certain senders may write to this address.",
     "Bitte bitten Sie den Empfänger um Freigabe, oder prüfen Sie die Adresse.",
     "Please ask the recipient to allow your address, or check the address."},
    // tls_required
    {"Zum Server des Empfängers war keine sichere Verbindung möglich; aus Vorsicht wurde nichts "
     "gesendet.",
     "No secure connection to the recipient's server was possible; to be safe nothing was sent.",
     "Bitte verständigen Sie den Empfänger auf anderem Weg.",
     "Please tell the recipient in another way."},
    // not_supported
    {"Der Server des Empfängers kann diese Nachricht nicht verarbeiten: Er kennt ihre Zeichen oder "
     "ihr Format nicht.",
     "The recipient's server cannot handle this message: it does not know its characters or its "
     "format.",
     "Bitte senden Sie sie einfacher, mit Adressen ohne Umlaute, noch einmal.",
     "Please send it again in a simpler form, with plain letters in all addresses."},
    // loop
    {"Die Nachricht wird im Kreis weitergeleitet.", "The message is forwarded in circles.",
     "Bitte verständigen Sie den Empfänger: Eine seiner Weiterleitungen führt zurück.",
     "Please tell the recipient: one of the forwards leads back."},
    // busy
    {"Der Server des Empfängers kann die Nachricht im Moment nicht annehmen.",
     "The recipient's server cannot take the message at the moment.",
     "Bitte senden Sie die Nachricht später noch einmal.", "Please send the message again later."},
    // unreachable
    {"Der Server des Empfängers ist nicht erreichbar.", "The recipient's server cannot be reached.",
     "Bitte prüfen Sie die Domain der Adresse, oder senden Sie die Nachricht später noch einmal.",
     "Please check the domain of the address, or send the message again later."},
    // policy
    {"Der Server des Empfängers lehnt die Nachricht nach seinen Regeln ab.",
     "The recipient's server refuses the message by its rules.",
     "Bitte verständigen Sie den Empfänger auf anderem Weg; die Antwort seines Servers steht "
     "unten.",
     "Please tell the recipient in another way; the server's reply is below."},
    // unclear
    {"Der Server des Empfängers lehnt die Nachricht ab.",
     "The recipient's server refuses the message.",
     "Bitte lesen Sie unten die Antwort des Servers.", "Please read the server's reply below."},
};
static_assert(std::size(all_sentences) == static_cast<std::size_t>(reply_meaning::unclear) + 1);

const sentences& sentences_of(reply_meaning meaning) noexcept {
    return all_sentences[static_cast<std::size_t>(meaning)];
}

}  // namespace

std::string_view what_happened(reply_meaning meaning, language speech) noexcept {
    const auto& all = sentences_of(meaning);
    return speech == language::german ? all.happened_german : all.happened_english;
}

std::string_view what_to_do(reply_meaning meaning, language speech) noexcept {
    const auto& all = sentences_of(meaning);
    return speech == language::german ? all.to_do_german : all.to_do_english;
}

}  // namespace hauspost::outbound
