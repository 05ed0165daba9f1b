namespace Streaming.Training;

/// <summary>What an option names is not in the data, or more than one thing there is called so; the message begins with the option and says what there is.</summary>
public sealed class UnknownNameException(string message) : Exception(message);
