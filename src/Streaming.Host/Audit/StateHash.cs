using System.Security.Cryptography;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Audit;

/// <summary>
/// One hash over all stored profiles, for comparing two runs of the same input: the XOR of sha256(key length, key, content) of every row, so that neither the store's order nor the number of partitions
/// matters. The content is canonical, without positions, versions, append times and the alert sent (which depends on a score).
/// </summary>
public sealed record StateHash
{
    /// <summary>sha256 (hex) over everything in the profiles.</summary>
    public required string All { get; init; }
    /// <summary>The same without vectors and interests, whose last bits depend on when a new item got its vector.</summary>
    public required string WithoutVectors { get; init; }
    /// <summary>Profiles hashed.</summary>
    public required long Users { get; init; }

    /// <summary>Hashes a store.</summary>
    /// <exception cref="Streaming.Core.Errors.EngineException">The store does not answer, or a row is damaged.</exception>
    public static async ValueTask<StateHash> ComputeAsync(ISnapshotStore store, int partitions, CancellationToken cancellation)
    {
        var codec = new UserRowCodec(new ItemDictionary());
        var writer = new RowWriter();
        var (all, without) = (new byte[32], new byte[32]);
        long users = 0;
        for (var p = 0; p < partitions; p++)
        {
            await using var shard = await store.OpenShardAsync(p, cancellation);
            await foreach (var stored in shard.ReadAllUsersAsync(cancellation))
            {
                users++;
                Add(stored, codec, writer, all, without);
            }
        }

        return new StateHash { All = Convert.ToHexStringLower(all), WithoutVectors = Convert.ToHexStringLower(without), Users = users };
    }

    private static void Add(StoredUser stored, UserRowCodec codec, RowWriter writer, byte[] all, byte[] without)
    {
        var user = codec.Decode(stored.Blob, new UserKey(stored.Key));
        user.AlertedEpisode = -1;
        user.AlertedAtMs = 0;
        user.LinkedAtMs = user.ErasedAtMs = 0; // the broker's times, which two runs do not share
        Mix(user, codec, writer, all);
        user.Vectors = null;
        user.InterestCount = 0;
        Mix(user, codec, writer, without);
    }

    private static void Mix(Core.Fold.UserState user, UserRowCodec codec, RowWriter writer, byte[] into)
    {
        writer.Truncate(0);
        codec.Encode(user, writer);
        var content = UserRowCodec.Content(writer.Written);
        var key = user.Key.Bytes;
        var bytes = new byte[4 + key.Length + content.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes, key.Length);
        key.CopyTo(bytes, 4);
        content.CopyTo(bytes.AsSpan(4 + key.Length));
        var hash = SHA256.HashData(bytes);
        for (var i = 0; i < into.Length; i++) into[i] ^= hash[i];
    }
}
