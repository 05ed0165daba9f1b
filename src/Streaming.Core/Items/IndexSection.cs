namespace Streaming.Core.Items;

/// <summary>Sections of a saved index, in their order. Values are persisted.</summary>
internal enum IndexSection : byte
{
    /// <summary>Magic, version, options, position, times, decays.</summary>
    Head = 1,
    /// <summary>Item ids in byte order; their places are the numbers used below.</summary>
    Ids = 2,
    /// <summary>Statistics and catalogue records, in the same order.</summary>
    Items = 3,
    /// <summary>Sessions in order of arrival.</summary>
    Sessions = 4,
    /// <summary>Younger generation of the daily caps.</summary>
    YoungCaps = 5,
    /// <summary>Older generation of the daily caps.</summary>
    OldCaps = 6,
    /// <summary>Budgets of the daily caps, younger then older.</summary>
    Budgets = 7,
    /// <summary>Nothing follows: proof that the file is whole.</summary>
    End = 8,
}
