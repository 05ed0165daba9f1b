namespace Streaming.Training.NextItem;

/// <summary>A way to say what comes next, frozen: answering changes nothing that a later answer could show.</summary>
internal interface INextItemMethod
{
    /// <summary>Name in the result.</summary>
    string Name { get; }

    /// <summary>Scores every train item for a guest of whom only the prefix is known.</summary>
    /// <param name="prefix">Items clicked, oldest first; may be empty, and hold items from the train item count on: unknown ones.</param>
    /// <param name="scores">One a train item; every one is written.</param>
    void Score(ReadOnlySpan<int> prefix, Span<float> scores);
}
