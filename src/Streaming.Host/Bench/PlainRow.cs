using Streaming.Core.Snapshot;

namespace Streaming.Host.Bench;

/// <summary>A row as the bare driver takes it.</summary>
/// <param name="Key">Key.</param>
/// <param name="Blob">Its one cell.</param>
internal readonly record struct PlainRow(byte[] Key, byte[] Blob)
{
    /// <summary>The rows of a flush, each in an array of its own, so that the bare driver has nothing to copy.</summary>
    public static PlainRow[] Of(FlushBatch batch) => [.. batch.Rows.Select(row => new PlainRow(row.Key, batch.Bytes.Slice(row.Start, row.Length).ToArray()))];
}

/// <summary>Writes rows with a database's bare driver.</summary>
internal interface IPlainWriter : IAsyncDisposable
{
    /// <summary>Writes them; durable as far as the engine's store makes them.</summary>
    Task WriteAsync(PlainRow[] rows, CancellationToken cancellation);
}
