namespace Streaming.Core.Items;

/// <summary>Says which items may not be taken.</summary>
public interface IItemFilter
{
    /// <summary>True where the item may not be taken.</summary>
    bool IsBlocked(int item);
}
