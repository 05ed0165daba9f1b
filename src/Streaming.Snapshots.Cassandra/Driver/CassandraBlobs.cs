using System.Buffers;
using System.Security.Cryptography;
using Cassandra;
using Streaming.Core.Errors;

namespace Streaming.Snapshots.Cassandra;

/// <summary>
/// Named blobs: chunks under the hash of the content, which never change, and a head that points to one content. The head moves by compare and set, since
/// it has no write time of the engine's to order two writers by; it is written a few times in a deployment's life.
/// <para>A name that ends in the SHA-256 of its bytes, as a vector table's does, has one content at most: there is nothing to order, so its head is written and read like any row. A shard has hundreds of those and more,
/// and a take-over waits for all of them.</para>
/// </summary>
internal sealed class CassandraBlobs(CassandraContext context)
{
    private const int ChunkBytes = 512 * 1024;

    private const int ParallelChunks = 8;

    private const int ContentsPerRequest = 16;

    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellation)
    {
        var only = HashIn(name);
        if (only is not null && await TryChunkAsync(only, 0, cancellation) is { } first && IsWhole(first, only)) return first; // nearly all have one chunk: the head has nothing to add
        if (await HeadAsync(name, only is null ? ConsistencyLevel.LocalSerial : ConsistencyLevel.LocalQuorum, cancellation) is not { } head) return null;
        var chunks = new byte[head.Chunks][];
        await Parallel.ForAsync(0, chunks.Length, Limit(cancellation), async (i, stop) => chunks[i] = await ChunkAsync(name, head.Content, i, stop));
        var bytes = new byte[chunks.Sum(c => c.Length)];
        var at = 0;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(bytes, at);
            at += chunk.Length;
        }

        return IsWhole(bytes, head.Content) ? bytes : throw new CorruptRowException($"the stored blob '{name}' does not have the bytes it was written with");
    }

    /// <summary>Many blobs; those of one chunk whose name ends in their hash take one request for <see cref="ContentsPerRequest"/> of them.</summary>
    public async Task<byte[]?[]> ReadManyAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var blobs = new byte[]?[names.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, names.Count).Chunk(ContentsPerRequest), Limit(cancellation), async (places, stop) =>
        {
            var hashes = places.Select(i => HashIn(names[i])).OfType<byte[]>().Distinct(ByteComparer.Instance).ToArray();
            var rows = await context.Requests.SendAsync(context.Statements.ReadFirstChunks.Bind((object)hashes), stop);
            var found = rows.ToDictionary(row => row.GetValue<byte[]>("content"), row => row.GetValue<byte[]>("bytes"), ByteComparer.Instance);
            foreach (var i in places)
            {
                blobs[i] = HashIn(names[i]) is { } hash && found.GetValueOrDefault(hash) is { } bytes && IsWhole(bytes, hash) ? bytes : await TryReadAsync(names[i], stop);
            }
        });
        return blobs;
    }

    public async Task WriteAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var content = SHA256.HashData(bytes.Span);
        var chunks = (bytes.Length + ChunkBytes - 1) / ChunkBytes;
        await Parallel.ForAsync(0, chunks, Limit(cancellation), async (i, stop) =>
        {
            var chunk = bytes.Slice(i * ChunkBytes, Math.Min(ChunkBytes, bytes.Length - (i * ChunkBytes)));
            await context.Requests.SendAsync(context.Statements.WriteBlobChunk.Bind(content, i, chunk.ToArray()), stop);
        });
        if (content.AsSpan().SequenceEqual(HashIn(name)))
        {
            await context.Requests.SendAsync(context.Statements.WriteBlobHead.Bind(name, content, chunks), cancellation);
            return;
        }

        for (var attempt = 1; attempt <= context.Options.Attempts; attempt++)
        {
            if (await MoveHeadAsync(name, content, chunks, cancellation)) return;
        }

        throw new StoreUnavailableException($"the blob '{name}' is being written by others at the same time");
    }

    private async Task<byte[]?> TryReadAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(name, cancellation);
        }
        catch (CorruptRowException)
        {
            return null;
        }
    }

    // A compare and set whose answer was lost is sent again and then finds its own content there.
    private async Task<bool> MoveHeadAsync(string name, byte[] content, int chunks, CancellationToken cancellation)
    {
        var head = await HeadAsync(name, ConsistencyLevel.LocalSerial, cancellation);
        if (head is { } same && same.Content.AsSpan().SequenceEqual(content)) return true;
        var move = head is { } old
            ? context.Statements.MoveBlobHead.Bind(content, chunks, name, old.Content)
            : context.Statements.CreateBlobHead.Bind(name, content, chunks);
        return (await context.Requests.SendAsync(move, cancellation)).Single().GetValue<bool>("[applied]");
    }

    private async Task<(byte[] Content, int Chunks)?> HeadAsync(string name, ConsistencyLevel consistency, CancellationToken cancellation)
    {
        var read = context.Statements.ReadBlobHead.Bind(name).SetConsistencyLevel(consistency);
        return (await context.Requests.SendAsync(read, cancellation)).SingleOrDefault() is { } row ? (row.GetValue<byte[]>("content"), row.GetValue<int>("chunks")) : null;
    }

    private async Task<byte[]> ChunkAsync(string name, byte[] content, int chunk, CancellationToken cancellation) =>
        await TryChunkAsync(content, chunk, cancellation) ?? throw new CorruptRowException($"chunk {chunk} of the stored blob '{name}' is missing");

    private async Task<byte[]?> TryChunkAsync(byte[] content, int chunk, CancellationToken cancellation) =>
        (await context.Requests.SendAsync(context.Statements.ReadBlobChunk.Bind(content, chunk), cancellation)).SingleOrDefault()?.GetValue<byte[]>("bytes");

    private static bool IsWhole(byte[] bytes, byte[] hash) => SHA256.HashData(bytes).AsSpan().SequenceEqual(hash);

    // Null where the name does not end in one.
    private static byte[]? HashIn(string name)
    {
        const int Digits = 2 * SHA256.HashSizeInBytes;
        var hash = new byte[SHA256.HashSizeInBytes];
        return name.Length >= Digits && Convert.FromHexString(name.AsSpan(name.Length - Digits), hash, out _, out _) == OperationStatus.Done ? hash : null;
    }

    private static ParallelOptions Limit(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = ParallelChunks, CancellationToken = cancellation };
}
