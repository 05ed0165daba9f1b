using System.Text;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Host.Settings;

namespace Streaming.Host.Engine;

/// <summary>
/// The item index on this node's disk. The truth stays in the topics: a file that is missing, damaged, of other options or of other topics costs a longer start and nothing else.
/// </summary>
/// <param name="options">Where, and how often.</param>
/// <param name="folder">Folder, where the options name none.</param>
/// <param name="topics">Names of the topics; each set of topics has a file of its own.</param>
/// <param name="logger">Log.</param>
internal sealed class ItemIndexFile(ItemIndexFileOptions options, string folder, IReadOnlyCollection<string> topics, ILogger logger)
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = System.IO.Path.Combine(options.Folder ?? folder, $"item-index-{Hash64.Of(Encoding.UTF8.GetBytes(string.Join('\n', topics))):x16}.bin");

    /// <summary>Time between two saves; zero turns the file off.</summary>
    public TimeSpan SaveInterval => options.SaveInterval;

    /// <summary>The index as it was saved, or an empty one.</summary>
    /// <param name="items">The process's item numbers.</param>
    /// <param name="index">Options of the index.</param>
    /// <param name="positions">Where to go on; null for an empty index.</param>
    public ItemIndex Load(ItemDictionary items, ItemIndexOptions index, out ItemPositions? positions)
    {
        positions = null;
        if (SaveInterval == TimeSpan.Zero || !File.Exists(Path)) return new ItemIndex(items, index);
        try
        {
            using var stream = new BufferedStream(File.OpenRead(Path), 1 << 16);
            var loaded = ItemIndex.Load(stream, items, index, out var position);
            positions = ItemPositions.FromBytes(position);
            HostLog.ItemIndexLoaded(logger, Path, loaded.Stats.Items, loaded.Stats.Sessions);
            return loaded;
        }
        catch (Exception e) when (e is CorruptRowException or IOException or UnauthorizedAccessException)
        {
            HostLog.ItemIndexNotLoaded(logger, Path, e.Message);
            return new ItemIndex(items, index);
        }
    }

    /// <summary>Saves the index whole or not at all. A disk that refuses is logged: the next save tries again.</summary>
    public void Save(ItemIndex index, ItemPositions positions)
    {
        // Nodes on one host may share the folder; whichever renames last leaves a file that is right for both.
        var half = $"{Path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            using (var stream = new FileStream(half, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                index.Save(stream, positions.ToBytes());
                stream.Flush(flushToDisk: true);
            }

            File.Move(half, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.ItemIndexNotSaved(logger, Path, e.Message);
            TryDelete(half);
        }
    }

    private void TryDelete(string half)
    {
        try
        {
            File.Delete(half);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.ItemIndexNotSaved(logger, half, e.Message);
        }
    }
}
