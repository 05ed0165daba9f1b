using System.Buffers.Binary;
using System.Text;

namespace Streaming.Faults.Net;

/// <summary>Bodies of errors as a coordinator sends them.</summary>
internal static class CqlErrors
{
    private const short LocalQuorum = 0x0006;

    /// <summary>The replicas did not answer the coordinator in time: applied or not, nobody knows.</summary>
    public static byte[] WriteTimeout(bool isBatch) => [.. Begin(0x1100, "Operation timed out - received only 0 responses."), .. Number(LocalQuorum, 2), .. Number(0, 4), .. Number(1, 4), .. Text(isBatch ? "UNLOGGED_BATCH" : "SIMPLE")];

    /// <summary>A replica failed at a write.</summary>
    public static byte[] WriteFailure(bool isBatch) =>
        [.. Begin(0x1500, "Operation failed - received 0 responses and 1 failures"), .. Number(LocalQuorum, 2), .. Number(0, 4), .. Number(1, 4), .. Number(1, 4), .. Text(isBatch ? "UNLOGGED_BATCH" : "SIMPLE")];

    /// <summary>A replica failed at a read.</summary>
    public static byte[] ReadFailure() =>
        [.. Begin(0x1300, "Operation failed - received 0 responses and 1 failures"), .. Number(LocalQuorum, 2), .. Number(0, 4), .. Number(1, 4), .. Number(1, 4), 0];

    /// <summary>Something broke in the coordinator.</summary>
    public static byte[] ServerError() => Begin(0x0000, "java.lang.RuntimeException: injected");

    /// <summary>The node has too much to do.</summary>
    public static byte[] Overloaded() => Begin(0x1001, "Request is rejected because the node is overloaded");

    /// <summary>More bytes than the node takes at once.</summary>
    public static byte[] TooLarge() => Begin(0x2200, "Batch too large");

    private static byte[] Begin(int code, string message) => [.. Number(code, 4), .. Text(message)];

    private static byte[] Text(string text) => [.. Number(Encoding.UTF8.GetByteCount(text), 2), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(int value, int bytes)
    {
        var all = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(all, value);
        return all[(4 - bytes)..];
    }
}
