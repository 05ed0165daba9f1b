using System.Security.Cryptography;

namespace Streaming.Training;

/// <summary>The name of a model's bytes.</summary>
internal static class ModelHash
{
    /// <summary>sha256, lower-case hex.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
