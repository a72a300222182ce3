# Verifies the first DKIM signature of a message with Perl's Mail::DKIM.
#
#   dkim_verifier.pl NAME RECORD < MESSAGE      prints "pass", or what else it finds

use strict;
use warnings;
use Mail::DKIM::Verifier;
use Net::DNS;

my ($name, $record) = @ARGV;

# Answers from what it was given, as a resolver does.
package GivenRecord {
    sub new { return bless {}, shift }
    sub errorstring { return 'NOERROR' }

    sub send {
        my ($self, $asked, $type) = @_;
        my $answer = Net::DNS::Packet->new($asked, $type);
        if ($asked eq $name) {
            my @strings = $record =~ /(.{1,255})/gs;
            my $row = Net::DNS::RR->new(name => $name, type => 'TXT', txtdata => \@strings);
            $answer->push(answer => $row);
        }
        return $answer;
    }
    sub bgsend { my ($self, @question) = @_; return $self->send(@question) }
    sub bgbusy { return 0 }
    sub bgisready { return 1 }
    sub bgread { my ($self, $answer) = @_; return $answer }
}

Mail::DKIM::DNS::resolver(GivenRecord->new);
binmode STDIN;
local $/;
my $verifier = Mail::DKIM::Verifier->new;
$verifier->PRINT(scalar <STDIN>);
$verifier->CLOSE;
print $verifier->result_detail, "\n";
