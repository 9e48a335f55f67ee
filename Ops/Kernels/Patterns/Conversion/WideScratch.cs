using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Operands of any type of numbers in the one type that a kernel computes in; those of another type are in scratch
/// memory.</summary>
internal unsafe ref struct WideScratch
{
    private readonly string _op;
    private readonly ElementType _type;
    private readonly Scratch _scratch;
    private byte* _free;

    /// <summary>Takes memory for those of the operands that are not of the type.</summary>
    /// <param name="op">The op, for messages.</param>
    /// <param name="type">What the kernel computes in.</param>
    /// <param name="operands">What the kernel reads and writes; absent ones are left out.</param>
    public WideScratch(string op, ElementType type, params ReadOnlySpan<Operand> operands)
    {
        (_op, _type) = (op, type);
        long bytes = 0;
        foreach (Operand operand in operands)
            if (!operand.IsAbsent && operand.Type != type) bytes = checked(bytes + Size(operand));
        _scratch = Scratch.Rent(bytes);
        _free = _scratch.Data;
    }

    /// <summary>The type in which floats of some type are summed: their own when it has 32 bits or more.</summary>
    public static ElementType For(ElementType type) => type == ElementType.Double ? ElementType.Double : ElementType.Float;

    /// <summary>What an operand holds, in the type; an absent one stays absent.</summary>
    public Operand Read(in Operand operand)
    {
        if (operand.IsAbsent) return operand;
        Operand place = Place(operand);
        if (operand.Type != _type) ElementConversion.Run(_op, operand, place);
        return place;
    }

    /// <summary>Where the elements of an operand are to be written before <see cref="Write"/>; an absent one stays absent.</summary>
    public Operand Place(in Operand operand)
    {
        if (operand.IsAbsent || operand.Type == _type) return operand;
        var place = new Operand(_free, _type, operand.Dims);
        _free += Size(operand);
        return place;
    }

    /// <summary>Rounds what was written at an operand's place.</summary>
    public readonly void Write(in Operand place, in Operand operand)
    {
        if (!operand.IsAbsent && operand.Type != _type) ElementConversion.Run(_op, place, operand);
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose() => _scratch.Dispose();

    /// <summary>Each operand begins where a vector may.</summary>
    private readonly long Size(in Operand operand) => ((operand.Length * _type.Bits() / 8) + 63) & ~63L;
}
