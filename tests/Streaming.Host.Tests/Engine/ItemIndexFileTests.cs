using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Core.Items;
using Streaming.Host.Engine;
using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Engine;

public sealed class ItemIndexFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("item-index-");
    private readonly ItemPositions _positions = new() { Topics = new() { ["sessions"] = new ItemPosition("id-1", new() { [0] = 17, [3] = 4 }) } };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_of_a_saved_index_knows_its_items_and_where_to_go_on()
    {
        using var index = Index("a", "b");
        File().Save(index, _positions);
        using var loaded = File().Load(new ItemDictionary(), new ItemIndexOptions(), out var positions);
        Assert.Equal(2, loaded.Stats.CatalogItems);
        Assert.Equal("id-1", positions!.Topics["sessions"].Id);
        Assert.Equal([(0, 17L), (3, 4L)], positions.Topics["sessions"].Next.OrderBy(p => p.Key).Select(p => (p.Key, p.Value)));
    }

    [Fact]
    public void Save_leaves_no_other_file_behind()
    {
        using var index = Index("a");
        var file = File();
        file.Save(index, _positions);
        file.Save(index, _positions);
        Assert.Equal([file.Path], _folder.GetFiles().Select(f => f.FullName));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public void Load_of_a_file_cut_short_is_an_empty_index(int bytes)
    {
        using var index = Index("a", "b");
        File().Save(index, _positions);
        System.IO.File.WriteAllBytes(File().Path, System.IO.File.ReadAllBytes(File().Path)[..bytes]);
        AssertEmpty(File());
    }

    [Fact]
    public void Load_under_other_options_is_an_empty_index()
    {
        using var index = Index("a");
        File().Save(index, _positions);
        using var loaded = File().Load(new ItemDictionary(), new ItemIndexOptions { MaxItems = 5000 }, out var positions);
        Assert.Null(positions);
        Assert.Equal(0, loaded.Stats.CatalogItems);
    }

    [Fact]
    public void Load_for_other_topics_finds_nothing()
    {
        using var index = Index("a");
        File().Save(index, _positions);
        AssertEmpty(File(topic: "other-sessions"));
    }

    [Fact]
    public void Load_with_the_file_turned_off_is_an_empty_index()
    {
        using var index = Index("a");
        File().Save(index, _positions);
        AssertEmpty(File(TimeSpan.Zero));
    }

    [Fact]
    public void Save_to_a_folder_that_cannot_be_is_no_error()
    {
        var blocked = Path.Combine(_folder.FullName, "taken");
        System.IO.File.WriteAllText(blocked, "a file");
        using var index = Index("a");
        var file = new ItemIndexFile(new ItemIndexFileOptions(), blocked, ["sessions"], NullLogger.Instance);
        file.Save(index, _positions);
        AssertEmpty(file);
    }

    private static ItemIndex Index(params string[] ids)
    {
        var index = new ItemIndex(new ItemDictionary(), new ItemIndexOptions());
        index.Apply([.. ids.Select(id => new CatalogChange(id, new CatalogItem { ItemId = id }))]);
        index.Refresh();
        return index;
    }

    private static void AssertEmpty(ItemIndexFile file)
    {
        using var loaded = file.Load(new ItemDictionary(), new ItemIndexOptions(), out var positions);
        Assert.Null(positions);
        Assert.Equal(0, loaded.Stats.CatalogItems);
    }

    private ItemIndexFile File(TimeSpan? interval = null, string topic = "sessions") =>
        new(new ItemIndexFileOptions { SaveInterval = interval ?? TimeSpan.FromMinutes(1) }, _folder.FullName, [topic], NullLogger.Instance);
}
