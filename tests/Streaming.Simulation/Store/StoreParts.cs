using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Store;

/// <summary>Parts of a store that can be away by themselves: a table, or one kind of request.</summary>
[Flags]
internal enum StoreParts
{
    None = 0,
    Shards = 1,
    Users = 2,
    Due = 4,
    Writes = 8,
    Blobs = 16,
    All = 31,
}

/// <summary>Which part answers a request.</summary>
internal static class StorePartsOf
{
    public static StoreParts Part(this Label label) => label switch
    {
        Label.ReadShard => StoreParts.Shards,
        Label.ReadUsers => StoreParts.Users,
        Label.ReadDue or Label.ReadFirstDue => StoreParts.Due,
        Label.WriteCells => StoreParts.Writes,
        _ => StoreParts.Blobs,
    };
}
