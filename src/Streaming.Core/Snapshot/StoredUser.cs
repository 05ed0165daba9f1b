namespace Streaming.Core.Snapshot;

/// <summary>One stored user of a shard, as enumeration yields it.</summary>
/// <param name="Key">Profile key (see <see cref="Events.UserKey"/>).</param>
/// <param name="WriteTime">Write time of the row.</param>
/// <param name="Blob">The row's one cell.</param>
public readonly record struct StoredUser(byte[] Key, long WriteTime, byte[] Blob);
