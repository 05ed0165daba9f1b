using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Api.Auth;

/// <summary>
/// A key on the wire: <c>sk_ID_SECRET</c>, the secret 32 random bytes in base64url. Nobody guesses 256 bits, so that a fast hash keeps them as well as a slow one, which
/// would only give strangers a way to make the node work (docs/decisions/0035).
/// </summary>
public static class ApiKey
{
    /// <summary>Start of every key, for scanners of leaked secrets.</summary>
    public const string Prefix = "sk_";

    private const int SecretBytes = 32, SaltBytes = 16, MaxIdLength = 32;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly int SecretLength = Base64Url.GetEncodedLength(SecretBytes);

    /// <summary>Draws a secret.</summary>
    /// <returns>The key, which is shown once, and what is kept of it.</returns>
    /// <exception cref="ArgumentException">The id is none.</exception>
    public static (string Key, ApiKeySecret Kept) Create(string id)
    {
        if (!IsId(id)) throw new ArgumentException($"'{id}' must be 1 to {MaxIdLength} of a-z, 0-9 and hyphen", nameof(id));
        var key = $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (key, new ApiKeySecret { Salt = Convert.ToBase64String(salt), Hash = Convert.ToBase64String(Hash(salt, key)) });
    }

    /// <summary>True for 1 to 32 of a-z, 0-9 and hyphen.</summary>
    public static bool IsId(ReadOnlySpan<char> id) => id.Length is > 0 and <= MaxIdLength && !id.ContainsAnyExcept(IdCharacters);

    /// <summary>The id of a key that has the right form. An id has no underscore, a secret may.</summary>
    internal static bool TryParse(string key, out string id)
    {
        id = "";
        if (!key.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var end = key.IndexOf('_', Prefix.Length);
        if (end < 0 || key.Length - end - 1 != SecretLength || !IsId(key.AsSpan(Prefix.Length, end - Prefix.Length))) return false;
        id = key[Prefix.Length..end];
        return true;
    }

    /// <summary>What is kept of a key.</summary>
    internal static byte[] Hash(ReadOnlySpan<byte> salt, string key) => HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(key));
}
