using System.Text.Json.Serialization;

namespace Streaming.Api.Auth;

/// <summary>The file of API keys.</summary>
public sealed record ApiKeyDocument
{
    /// <summary>The keys, each id once.</summary>
    public required IReadOnlyList<ApiKeyEntry> Keys { get; init; }
}

/// <summary>A key: who it is, what it may do, and hashes of its secrets.</summary>
public sealed record ApiKeyEntry
{
    /// <summary>1 to 32 of a-z, 0-9 and hyphen.</summary>
    public required string Id { get; init; }
    /// <summary>Roles; absent: none.</summary>
    public IReadOnlyList<string>? Roles { get; init; }
    /// <summary>Further scopes; absent: none.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }
    /// <summary>Surfaces it may ask for; absent or empty: all.</summary>
    public IReadOnlyList<string>? Surfaces { get; init; }
    /// <summary>True: it may speak of guests alone, whose ids nobody guesses, and has no scope but recommendations:read, profiles:read and events:write. For a key in a page, which is everybody's.</summary>
    public bool IsGuestsOnly { get; init; }
    /// <summary>Refused from then on; absent: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    /// <summary>Refused, and kept so that the audit log can name it.</summary>
    public bool IsRevoked { get; init; }
    /// <summary>One or two secrets, all valid: the second is for the time of a change.</summary>
    public required IReadOnlyList<ApiKeySecret> Secrets { get; init; }
}

/// <summary>What is kept of a secret.</summary>
public sealed record ApiKeySecret
{
    /// <summary>16 random bytes, base64.</summary>
    public required string Salt { get; init; }
    /// <summary>HMAC-SHA256 of the whole key under the salt, base64.</summary>
    public required string Hash { get; init; }
    /// <summary>Refused from then on; absent: as the key.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Source-generated serialisation of the file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ApiKeyDocument))]
public sealed partial class ApiKeyJson : JsonSerializerContext;
