using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Types;

namespace Ops.Specs.Binding;

/// <summary>The names that a version declares, and what naming them in an expression gives.</summary>
internal sealed class SpecDeclarations(MergedSpec spec, SymbolTable symbols, DiagnosticBag bag)
{
    private readonly TypeVariables variables = new(symbols, bag, spec.Types, spec.Attributes);
    private readonly HashSet<string> brokenSets = [];

    /// <summary>Whether a mistake keeps the op from being declared.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>Whether the types that a variable stands for are known.</summary>
    internal bool HasTypes(string variable) => !brokenSets.Contains(variable);

    /// <summary>The types that a variable stands for.</summary>
    internal EquatableArray<ElementType> Allowed(string variable) => variables.Allowed(variable);

    /// <summary>Declares them all.</summary>
    internal void Declare()
    {
        foreach (Entry<TypeVariableSyntax> type in spec.Types)
            Declare(new Symbol(type.Name, SymbolKind.TypeVariable, type.NameSpan) { Type = ExprTypes.Dtype });
        foreach (Entry<PortSyntax> port in spec.Inputs)
            Declare(new Symbol(port.Name, SymbolKind.Input, port.NameSpan));
        foreach (Entry<PortSyntax> port in spec.Outputs)
            Declare(new Symbol(port.Name, SymbolKind.Output, port.NameSpan)
            {
                Type = new ExprType(ExprKind.AnyTensor, port.Family is null ? 0 : 1),
            });
        foreach (Entry<AttributeSyntax> attribute in spec.Attributes)
        {
            var symbol = new Symbol(attribute.Name, SymbolKind.Attribute, attribute.NameSpan)
            {
                Attribute = attribute.Value,
                Type = attribute.Value is { } a ? AttributeTypes.Of(a.Kind, a.IsList) : null,
            };
            if (attribute.Value is { Optional: true, Default: null })
                symbol.OnlyWith.Add(attribute.Name);
            Declare(symbol);
        }
        foreach (Entry<ExprSyntax> let in spec.Lets)
            Declare(new Symbol(let.Name, SymbolKind.Let, let.NameSpan) { Definition = let.Value }, blocking: false);
        new DimFinder(symbols, bag).Find(spec);
        DeclareLost();
        foreach (Entry<TypeVariableSyntax> type in spec.Types)
            if (type.Value is { } declaration
                && !(variables.Check(declaration.Set) & (declaration.Default is null || declaration.Default is FunctionSyntax
                    || variables.Check(declaration.Default))))
            {
                IsBroken = true;
                brokenSets.Add(type.Name);
            }
        foreach (Entry<PortSyntax> port in spec.Inputs)
            if (symbols.Find(port.Name) is { Kind: SymbolKind.Input } symbol && port.Value is { } declaration)
            {
                (symbol.Type, symbol.IsBoolTensor) = DataType(declaration.Type);
                if (port.Family is not null)
                    symbol.Type = symbol.Type with { Depth = 1 };
                if (declaration is { Optional: true, Value: null })
                    symbol.OnlyWith.Add(port.Name);
            }
    }

    /// <summary>What naming an input gives, from the element types it may have.</summary>
    internal (ExprType Type, bool OnlyBool) DataType(TypeSyntax type)
    {
        if (type is ContainerTypeSyntax)
            return (new ExprType(ExprKind.Opaque), false);
        List<ElementType> elements = [];
        foreach (TensorTypeSyntax tensor in DimFinder.Tensors(type))
            elements.AddRange(variables.Parts(tensor.Element));
        if (elements.Count == 0)
            return (new ExprType(ExprKind.AnyTensor), false);
        bool integers = elements.All(e => e.IsInteger()
            || e is ElementType.Bool or ElementType.Int4 or ElementType.UInt4 or ElementType.Int2 or ElementType.UInt2);
        bool floats = elements.All(e => e.IsFloat()
            || e is ElementType.Float4E2M1 or ElementType.Float8E8M0 or (>= ElementType.Float8E4M3FN and <= ElementType.Float8E5M2FNUZ));
        return (new ExprType(integers ? ExprKind.Tensor : floats ? ExprKind.RealTensor : ExprKind.AnyTensor),
            elements.All(e => e == ElementType.Bool));
    }

    private void Declare(Symbol symbol, bool blocking = true)
    {
        if (!symbols.Declare(symbol))
            IsBroken |= blocking;
    }

    /// <summary>An input that does not parse still seems to bring the names in its text: they are known, of no type, and nobody
    /// complains.</summary>
    private void DeclareLost()
    {
        foreach (Entry<PortSyntax> port in spec.Inputs)
            if (port.Value is null)
                foreach (Token token in Lexer.Lex(port.Text))
                    if (token.Kind == TokenKind.Name && Lexer.IsName(token.Text) && !SymbolTable.IsConstant(token.Text)
                        && symbols.Find(token.Text) is null)
                        symbols.Declare(new Symbol(token.Text, SymbolKind.Dim, port.NameSpan));
    }
}
