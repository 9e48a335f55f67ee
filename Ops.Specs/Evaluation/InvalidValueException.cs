namespace Ops.Specs.Evaluation;

/// <summary>Something that no value is: an index outside a list, a division by zero.</summary>
internal sealed class InvalidValueException(string reason) : Exception(reason);
