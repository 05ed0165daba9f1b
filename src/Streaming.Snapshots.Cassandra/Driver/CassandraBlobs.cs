using System.Security.Cryptography;
using Cassandra;
using Streaming.Core.Errors;

namespace Streaming.Snapshots.Cassandra;

/// <summary>
/// Named blobs: chunks under the hash of the content, which never change, and a head that points to one content. The head moves by compare and set, since
/// it has no write time of the engine's to order two writers by; it is written a few times in a deployment's life.
/// </summary>
internal sealed class CassandraBlobs(CassandraContext context)
{
    private const int ChunkBytes = 512 * 1024;

    private const int ParallelChunks = 8;

    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellation)
    {
        if (await HeadAsync(name, cancellation) is not { } head) return null;
        var chunks = new byte[head.Chunks][];
        await Parallel.ForAsync(0, chunks.Length, Limit(cancellation), async (i, stop) => chunks[i] = await ChunkAsync(name, head.Content, i, stop));
        var bytes = new byte[chunks.Sum(c => c.Length)];
        var at = 0;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(bytes, at);
            at += chunk.Length;
        }

        return SHA256.HashData(bytes).AsSpan().SequenceEqual(head.Content) ? bytes : throw new CorruptRowException($"the stored blob '{name}' does not have the bytes it was written with");
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
        for (var attempt = 1; attempt <= context.Options.Attempts; attempt++)
        {
            if (await MoveHeadAsync(name, content, chunks, cancellation)) return;
        }

        throw new StoreUnavailableException($"the blob '{name}' is being written by others at the same time");
    }

    // A compare and set whose answer was lost is sent again and then finds its own content there.
    private async Task<bool> MoveHeadAsync(string name, byte[] content, int chunks, CancellationToken cancellation)
    {
        var head = await HeadAsync(name, cancellation);
        if (head is { } same && same.Content.AsSpan().SequenceEqual(content)) return true;
        var move = head is { } old
            ? context.Statements.MoveBlobHead.Bind(content, chunks, name, old.Content)
            : context.Statements.CreateBlobHead.Bind(name, content, chunks);
        return (await context.Requests.SendAsync(move, cancellation)).Single().GetValue<bool>("[applied]");
    }

    private async Task<(byte[] Content, int Chunks)?> HeadAsync(string name, CancellationToken cancellation)
    {
        var read = context.Statements.ReadBlobHead.Bind(name).SetConsistencyLevel(ConsistencyLevel.LocalSerial);
        return (await context.Requests.SendAsync(read, cancellation)).SingleOrDefault() is { } row ? (row.GetValue<byte[]>("content"), row.GetValue<int>("chunks")) : null;
    }

    private async Task<byte[]> ChunkAsync(string name, byte[] content, int chunk, CancellationToken cancellation)
    {
        var row = (await context.Requests.SendAsync(context.Statements.ReadBlobChunk.Bind(content, chunk), cancellation)).SingleOrDefault();
        return row?.GetValue<byte[]>("bytes") ?? throw new CorruptRowException($"chunk {chunk} of the stored blob '{name}' is missing");
    }

    private static ParallelOptions Limit(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = ParallelChunks, CancellationToken = cancellation };
}
