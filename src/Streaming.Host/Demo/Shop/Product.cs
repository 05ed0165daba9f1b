namespace Streaming.Host.Demo.Shop;

/// <summary>A thing the generated shop sells.</summary>
/// <param name="Id">Item id.</param>
/// <param name="Title">Title as shown.</param>
/// <param name="Category">Category path.</param>
/// <param name="Brand">Brand.</param>
/// <param name="Price">Price of one, EUR.</param>
/// <param name="Style">Colour, size or make.</param>
/// <param name="GroupId">Shared by the variants of one product.</param>
/// <param name="Appeal">How much it sells by itself: density falls with rank.</param>
internal sealed record Product(string Id, string Title, string Category, string Brand, decimal Price, string Style, string GroupId, double Appeal);
