# Goes on with a chain of ARC, with Mail::DKIM: arc_signer.pl DOMAIN SELECTOR KEYFILE < MESSAGE
# Standard output: the message with one more set. That the chain passes it is told, and does not look.
use strict;
use warnings;
use Mail::DKIM::ARC::Signer;

my ($domain, $selector, $file) = @ARGV;
binmode STDIN;
binmode STDOUT;
my $message = do { local $/; <STDIN> };
$message = "Authentication-Results: mx.$domain; dkim=none; arc=pass\r\n" . $message;
my $signer = Mail::DKIM::ARC::Signer->new(
    Algorithm => 'rsa-sha256',
    Chain     => 'pass',
    Domain    => $domain,
    SrvId     => "mx.$domain",
    Selector  => $selector,
    KeyFile   => $file,
    Headers   => 'from:to:subject:date:message-id',
);
$signer->PRINT($message);
$signer->CLOSE;
die $signer->{details} . "\n" if $signer->result ne 'sealed';
my $set = join("\n", $signer->as_strings) . "\n";
$set =~ s/\r?\n/\r\n/g;
print $set, $message;
