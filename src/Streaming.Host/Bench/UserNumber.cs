using System.Buffers.Text;

namespace Streaming.Host.Bench;

/// <summary>Numbers of drawn users in their profile keys, which are u:u and the number.</summary>
internal static class UserNumber
{
    /// <summary>The number in a profile key.</summary>
    public static int Of(ReadOnlySpan<byte> key) => Utf8Parser.TryParse(key[3..], out int number, out _) ? number : throw new InvalidOperationException("no user of the draw");
}
