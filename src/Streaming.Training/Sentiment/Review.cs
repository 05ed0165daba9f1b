namespace Streaming.Training.Sentiment;

/// <summary>A review whose answer is known. Nothing else of its row is kept: the stars of a review are almost the answer, and no feature.</summary>
/// <param name="Title">Its title, or empty.</param>
/// <param name="Text">Its text, or empty.</param>
/// <param name="Positive">Whether it recommends, or praises.</param>
internal readonly record struct Review(string Title, string Text, bool Positive);
