using Streaming.Core.Decode;
using Xunit;

namespace Streaming.Core.Tests.Decode;

public sealed class NfcTests
{
    /// <summary>FNV-1a over the forms that another implementation of Unicode 14.0 (Python 3.11, unicodedata) gives to every code point.</summary>
    private const ulong AllForms = 0xda2adeaf14524ab8;

    [Fact]
    public void Every_code_point_has_the_form_that_unicode_14_gives_it()
    {
        var hash = 0xcbf29ce484222325UL;
        Span<int> room = stackalloc int[4];
        for (var point = 1; point <= 0x10FFFF; point++)
        {
            if (point is >= 0xD800 and <= 0xDFFF) continue;
            room[0] = point;
            var count = Nfc.Normalise(room, 1);
            foreach (var form in room[..count]) hash = (hash ^ (uint)form) * 0x100000001b3;
            hash = (hash ^ 0xFFFFFF) * 0x100000001b3;
        }

        Assert.Equal(AllForms, hash);
    }
}
