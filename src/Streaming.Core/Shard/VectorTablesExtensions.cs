using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Tables that are at hand already.</summary>
internal static class VectorTablesExtensions
{
    /// <summary>As <see cref="IVectorTables.TryLoadAsync"/>, but asks the store for those alone that are not at hand.</summary>
    public static async ValueTask<VectorTableVersion?[]> TryLoadAsync(this IVectorTables tables, IReadOnlyList<string> sha256, Func<string, VectorTableVersion?> atHand, CancellationToken cancellation)
    {
        var versions = sha256.Select(atHand).ToArray();
        var others = sha256.Where((_, i) => versions[i] is null).ToList();
        if (others.Count == 0) return versions;
        var read = new Queue<VectorTableVersion?>(await tables.TryLoadAsync(others, cancellation).ConfigureAwait(false));
        for (var i = 0; i < versions.Length; i++) versions[i] ??= read.Dequeue();
        return versions;
    }
}
