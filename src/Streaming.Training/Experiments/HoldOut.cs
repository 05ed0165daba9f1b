using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Training.Experiments;

/// <summary>
/// Who is left alone in an experiment: a function of the experiment's salt and the user alone, so that every node, replay and later analysis deals the same. The first 64 bits of SHA-256 of the salt, a zero byte and the user's id, as a
/// number, are below share × 2⁶⁴. Another salt deals anew.
/// </summary>
public sealed class HoldOut
{
    private const double Range = 18_446_744_073_709_551_616.0;
    private readonly byte[] _salt;
    private readonly UInt128 _below;

    /// <summary>A hold-out.</summary>
    /// <param name="salt">Name of the experiment; not empty, without a zero byte.</param>
    /// <param name="share">Share of the users that is left alone, 0 to 1, to 2⁻⁵³ exactly.</param>
    /// <exception cref="ArgumentException">A salt that is empty or has a zero byte, or a share that is none.</exception>
    public HoldOut(string salt, double share)
    {
        if (string.IsNullOrEmpty(salt) || salt.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("the salt is empty or has a zero byte", nameof(salt));
        if (share is not (>= 0 and <= 1)) throw new ArgumentException($"the share must be 0 to 1, not {share}", nameof(share));
        (_salt, _below) = ([.. Encoding.UTF8.GetBytes(salt), 0], (UInt128)(share * Range));
    }

    /// <summary>True: the user is left alone.</summary>
    public bool Has(string user)
    {
        byte[] bytes = [.. _salt, .. Encoding.UTF8.GetBytes(user)];
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(bytes)) < _below;
    }
}
