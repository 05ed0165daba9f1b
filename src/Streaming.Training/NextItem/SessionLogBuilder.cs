using System.Text;
using Streaming.Core.Items;

namespace Streaming.Training.NextItem;

/// <summary>Gathers sessions.</summary>
/// <param name="ids">Numbers the items.</param>
internal sealed class SessionLogBuilder(ItemDictionary ids)
{
    private readonly List<int> _items = [];
    private readonly List<int> _starts = [0];

    /// <summary>Adds a click to the session in progress.</summary>
    public void Add(string item) => _items.Add(ids.GetOrAdd(Encoding.UTF8.GetBytes(item)));

    /// <summary>Ends the session in progress.</summary>
    public void End() => _starts.Add(_items.Count);

    /// <summary>The sessions so far.</summary>
    public SessionLog Build() => new([.. _items], [.. _starts], ids.Count);
}
