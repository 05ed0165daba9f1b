using System.Text;

namespace Streaming.Core.Events;

/// <summary>
/// Key of a profile: <c>u:</c> + userId or <c>a:</c> + anonymousId, UTF-8. The prefix keeps a guest id from ever meeting a user id of the same text.
/// </summary>
public readonly struct UserKey : IEquatable<UserKey>, IComparable<UserKey>
{
    /// <summary>Wraps key bytes, prefix included.</summary>
    public UserKey(byte[] bytes)
    {
        Bytes = bytes;
        Hash = Hash64.Of(bytes);
    }

    /// <summary>Wraps key bytes whose hash is already known.</summary>
    public UserKey(byte[] bytes, ulong hash)
    {
        Bytes = bytes;
        Hash = hash;
    }

    /// <summary>The bytes, prefix included.</summary>
    public byte[] Bytes { get; }

    /// <summary><see cref="Hash64.Of"/> of <see cref="Bytes"/>.</summary>
    public ulong Hash { get; }

    /// <summary>True for a guest (<c>a:</c>).</summary>
    public bool IsGuest => Bytes[0] == (byte)'a';

    /// <summary>The id as the shop wrote it, without the prefix: also the Kafka record key.</summary>
    public ReadOnlySpan<byte> Id => Bytes.AsSpan(2);

    /// <summary>The key of a known user.</summary>
    public static UserKey User(string userId) => new(Encoding.UTF8.GetBytes("u:" + userId));

    /// <summary>The key of a guest.</summary>
    public static UserKey Guest(string anonymousId) => new(Encoding.UTF8.GetBytes("a:" + anonymousId));

    /// <inheritdoc/>
    public bool Equals(UserKey other) => Hash == other.Hash && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UserKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash;

    /// <summary>Byte order: the tie rule of every place that orders users.</summary>
    public int CompareTo(UserKey other) => Bytes.AsSpan().SequenceCompareTo(other.Bytes);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <summary>Equality.</summary>
    public static bool operator ==(UserKey left, UserKey right) => left.Equals(right);
    /// <summary>Inequality.</summary>
    public static bool operator !=(UserKey left, UserKey right) => !left.Equals(right);
    /// <summary>Byte order.</summary>
    public static bool operator <(UserKey left, UserKey right) => left.CompareTo(right) < 0;
    /// <summary>Byte order.</summary>
    public static bool operator <=(UserKey left, UserKey right) => left.CompareTo(right) <= 0;
    /// <summary>Byte order.</summary>
    public static bool operator >(UserKey left, UserKey right) => left.CompareTo(right) > 0;
    /// <summary>Byte order.</summary>
    public static bool operator >=(UserKey left, UserKey right) => left.CompareTo(right) >= 0;
}
